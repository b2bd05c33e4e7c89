/** A process that intends and carries out the destruction of keys, and kills itself at the point it is told. */
import Sqlite from 'better-sqlite3'
import { systemClock } from '#core/clock/clock.ts'
import { installationKeyFrom } from '#core/crypto/installation-key.ts'
import { finishDestructions, intendDestruction } from '#core/crypto/keyring/destruction.ts'
import { openKeyring } from '#core/crypto/keyring/keyring.ts'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import type { Schema } from '#core/db/schema/schema.ts'
import type { KeyId } from '#core/ids/ids.ts'

export type Point =
  | 'in the intent'
  | 'after the intent'
  | 'before the log is cut'
  | 'after the deletion'
  | 'nowhere'

const [data, address, master, ids, point] = JSON.parse(process.argv[2] ?? '') as [
  GroundAddress,
  GroundAddress,
  string,
  KeyId[],
  Point,
]
const die = () => process.kill(process.pid, 'SIGKILL')
const dieAt = (here: Point) => {
  if (here === point) die()
}

const db = openGround<Schema>(data)
const keyring = await openKeyring({
  address,
  installationKeys: { current: installationKeyFrom(master) },
  clock: systemClock,
  wait: async () => dieAt('before the log is cut'),
})
if (point === 'before the log is cut' && address.kind === 'sqlite') {
  // A reader of an older state keeps the log from being cut, so that the keyring has to wait.
  const reader = new Sqlite(address.path, { readonly: true })
  reader.exec('begin')
  reader.prepare('select count(*) from thing_key').get()
}
const now = systemClock.now()
await db.transaction(async (tx) => {
  await intendDestruction(tx, ids, 'test', now)
  dieAt('in the intent')
})
dieAt('after the intent')
const deletingThenDying = {
  destroy: async (some: readonly KeyId[]) => {
    const destroyed = await keyring.destroy(some)
    dieAt('after the deletion')
    return destroyed
  },
}
process.stdout.write(
  JSON.stringify(await finishDestructions(db, deletingThenDying, { now, limitPerHour: 1000 })),
)
await keyring.close()
await db.close()
