import { auditKeys, type Verdict, verifyAudit } from '#compliance/records/audit.ts'
import { type AddTo, onRecord, withHouse } from './running.ts'

/** `fairframe audit verify`: whether anything in the audit log was changed, moved or cut off. */
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
        const { publicKey } = await auditKeys(house.keyring)
        const found = await verifyAudit(house.db.read, publicKey)
        await onRecord(house, { act: 'audit.verified', detail: { ok: found.ok, rows: found.rows } })
        return found
      })
      io.out(json ? JSON.stringify(verdict) : sentenceOf(verdict))
      ended(verdict.ok ? 0 : 1)
    })
}

function sentenceOf(verdict: Verdict): string {
  if (verdict.ok) return `The audit log holds: ${verdict.rows} rows, each as it was written.`
  const what = {
    altered: `Row ${verdict.seq} was changed.`,
    missing: `Row ${verdict.seq} is missing.`,
    checkpoint_broken: `The checkpoint at row ${verdict.seq} is not ours, or was changed.`,
    end_missing: `The log ends before row ${verdict.seq}, which a signed checkpoint knows.`,
  }[verdict.why]
  return `The audit log does not hold. ${what} ${verdict.rows} rows before it are as they were written. Keep a copy of the database as it is, and compare it with your backups.`
}
