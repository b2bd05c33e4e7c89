import { type Verdict, verifyAudit } from '#compliance/records/audit.ts'
import { acceptRestored } from '#compliance/records/audit-signing.ts'
import { command } from '#core/actor.ts'
import { type AddTo, onRecord, withHouse } from './running.ts'

/**
 * `fairframe audit verify`: whether anything in the audit log was changed, moved or cut off. `audit accept-restored`: that
 * it ends early because an older backup was put back.
 */
export const addAuditCommands: AddTo = (program, io, ended) => {
  const audit = program.command('audit').description('The log of what staff did')
  audit
    .command('verify')
    .description(
      'Checks the whole chain and the signatures of its checkpoints. Ends with 1 when it does not hold.',
    )
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const verdict = await withHouse(io, async (house) => {
        const found = await verifyAudit(house)
        await onRecord(house, { act: 'audit.verified', detail: { ok: found.ok, rows: found.rows } })
        return found
      })
      io.out(json ? JSON.stringify(verdict) : sentenceOf(verdict))
      ended(verdict.ok ? 0 : 1)
    })
  audit
    .command('accept-restored')
    .description(
      'After an older backup of the data was put back: the log goes on from there, with a row that says what it lost.',
    )
    .action(async () => {
      const verdict = await withHouse(io, (house) => acceptRestored(house, command))
      io.out(sentenceOf(verdict))
      ended(verdict.ok ? 0 : 1)
    })
}

function sentenceOf(verdict: Verdict): string {
  if (verdict.ok) return `The audit log holds: ${verdict.rows} rows, each as it was written.`
  if (verdict.why === 'cut_or_restored')
    return `The audit log parts from what the keyring remembers at row ${verdict.seq}: it was signed up to row ${verdict.marked.seq} on ${new Date(verdict.marked.at).toISOString().slice(0, 16)}Z, and those rows are not there any more. Either an older backup of the data was put back, or somebody cut the log's end off. If you put a backup back, run: fairframe audit accept-restored. If not, keep a copy of the database as it is, and compare it with your backups.`
  const what = {
    altered: `Row ${verdict.seq} was changed.`,
    missing: `Row ${verdict.seq} is missing.`,
    checkpoint_broken: `The checkpoint at row ${verdict.seq} is not ours, or was changed.`,
    start_missing: `The log begins later than it may: rows from ${verdict.seq} on are gone, which were not old enough to go.`,
    end_missing: `The log ends before row ${verdict.seq}, which a signed checkpoint knows.`,
  }[verdict.why]
  return `The audit log does not hold. ${what} ${verdict.rows} rows before it are as they were written. Keep a copy of the database as it is, and compare it with your backups.`
}
