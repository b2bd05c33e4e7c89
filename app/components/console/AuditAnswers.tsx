import { Callout } from '#app/components/ui/Callout.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Verdict } from '#compliance/records/audit.ts'
import type { ActAnswer } from './ActForm.tsx'

export type LogAnswer =
  | undefined
  | (ActAnswer & { intent: 'verify'; result?: Verdict })
  | (ActAnswer & { intent: 'reveal_note'; result?: { seq: number; note: string } })

/** What walking the whole log found. */
export function VerdictShown({ answer }: { answer: LogAnswer }) {
  const { t, number } = useI18n()
  if (answer?.intent !== 'verify' || !answer.ok || !answer.result) return null
  const verdict = answer.result
  if (verdict.ok)
    return (
      <Callout announced tone="good" title={t('The log is whole')}>
        {verdict.fromCheckpoint === null
          ? t('{rows, plural, one {Its only row was} other {All # rows were}} checked, from the beginning.', {
              rows: verdict.rows,
            })
          : t('{rows} rows were checked, from the signed checkpoint at row {from}.', {
              rows: number(verdict.rows),
              from: number(verdict.fromCheckpoint),
            })}
      </Callout>
    )
  const why = {
    altered: t('It was changed after it was written.'),
    missing: t('It is missing, though later rows are there.'),
    checkpoint_broken: t('Its signed checkpoint does not hold.'),
    start_missing: t('From there on rows are gone that were not old enough to go.'),
    end_missing: t('From there on rows are missing that a signed checkpoint remembers.'),
    cut_or_restored: t(
      'From there on the log is not the one that the keyring remembers as signed. Either an older backup of the data was put back, or its end was cut off. If you put a backup back, run "fairframe audit accept-restored" at the machine.',
    ),
  }
  return (
    <Callout announced tone="bad" title={t('Row {seq} is wrong', { seq: number(verdict.seq) })}>
      {why[verdict.why]}{' '}
      {t(
        '{rows} rows before it are sound. Keep a copy of the database as it is, and find out who could write to it.',
        {
          rows: number(verdict.rows),
        },
      )}
    </Callout>
  )
}

export function NoteShown({ answer }: { answer: LogAnswer }) {
  const { t, number } = useI18n()
  if (answer?.intent !== 'reveal_note' || !answer.ok || !answer.result) return null
  const { seq, note } = answer.result
  return (
    <Callout announced tone="accent" title={t('The reason of row {seq}', { seq: number(seq) })}>
      <p className="whitespace-pre-wrap break-words text-ink" dir="auto">
        {note}
      </p>
    </Callout>
  )
}
