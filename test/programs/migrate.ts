/** A process that migrates the database at the address it is given and prints the names it applied. */
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import { migrate } from '#core/db/migrate.ts'
import { migrations } from '#core/db/migrations/all.ts'

const db = openGround(JSON.parse(process.argv[2] ?? '') as GroundAddress)
process.stdout.write(JSON.stringify(await migrate(db, migrations)))
await db.close()
