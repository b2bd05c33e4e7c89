import { migrateHouse } from '#app/migrate-house.ts'
import { type AddTo, configFrom, logOf, onRecord, withHouse } from './running.ts'

/** `fairframe migrate`: what a start does too, for those who do it apart. */
export const addMigrate: AddTo = (program, io) => {
  program
    .command('migrate')
    .description('Brings the database to this version. Done already at every start; does no harm twice.')
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const config = configFrom(io)
      const { log, close } = await logOf(config)
      const applied = await migrateHouse(config, log)
      close()
      if (applied.length > 0)
        await withHouse(io, (house) =>
          onRecord(house, { act: 'schema.migrated', detail: { applied: applied.join(', ') } }),
        )
      if (json) io.out(JSON.stringify({ ok: true, applied }))
      else io.out(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.')
    })
}
