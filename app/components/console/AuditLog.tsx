import ScrollText from 'lucide-react/icons/scroll-text'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState, Panel } from '#app/components/ui/Panel.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { LogFilter, LogRow } from '#app/console/log.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { ActForm, ReasonField } from './ActForm.tsx'
import { type LogAnswer, NoteShown, VerdictShown } from './AuditAnswers.tsx'
import { Filters } from './Filters.tsx'
import { ShortId } from './marks.tsx'

export interface AuditLogProps {
  rows: readonly LogRow[]
  older: number | undefined
  filter: LogFilter
  acts: readonly string[]
  may: { verify: boolean; reveal: boolean }
  answer: LogAnswer
}

/** Who did what, newest first. Nothing of it can be changed unnoticed. */
export function AuditLog({ rows, older, filter, acts, may, answer }: AuditLogProps) {
  const { t } = useI18n()
  const { before, ...narrowing } = filter
  const set = Object.fromEntries(Object.entries(narrowing).filter(([, value]) => value !== undefined))
  const narrowed = Object.keys(set).length > 0
  return (
    <>
      <PageTitle
        title={t('Audit log')}
        lead={t(
          'Each row carries the hash of the one before, so none can be changed or taken out unnoticed.',
        )}
        actions={
          may.verify && <ActForm intent="verify" verb={t('Verify the log')} look="quiet" answer={answer} />
        }
      />
      <div className="mb-4 grid gap-4 empty:hidden">
        <VerdictShown answer={answer} />
        <NoteShown answer={answer} />
      </div>
      <Filters to={paths.audit()} narrowed={narrowed}>
        <div className="sm:w-52">
          <Select
            label={t('Act')}
            name="act"
            optional
            defaultValue={filter.act ?? ''}
            options={[{ value: '', label: t('any') }, ...acts.map((act) => ({ value: act, label: act }))]}
          />
        </div>
        {(['actor', 'target'] as const).map((name) => (
          <div key={name} className="sm:w-60">
            <TextField
              label={name === 'actor' ? t('Done by (id)') : t('Concerning (id)')}
              name={name}
              optional
              defaultValue={filter[name] ?? ''}
              autoComplete="off"
              spellCheck={false}
              maxLength={60}
            />
          </div>
        ))}
      </Filters>
      <LogTable
        rows={rows}
        mayReveal={may.reveal}
        {...(before ? { newer: paths.audit(set) } : {})}
        {...(older ? { older: paths.audit({ ...set, before: String(older) }) } : {})}
      />
      {may.reveal && rows.some((row) => row.hasNote) && (
        <div className="mt-6 max-w-[560px]">
          <Panel
            title={t('Read a reason')}
            note={t('Choose a row in the table. Reasons are sealed, since they may name somebody.')}
          >
            <ActForm id={FORM} intent="reveal_note" verb={t('Show it once')} answer={answer}>
              <ReasonField intent="reveal_note" answer={answer} />
            </ActForm>
          </Panel>
        </div>
      )}
    </>
  )
}

const FORM = 'read-a-reason'

function LogTable(props: { rows: readonly LogRow[]; mayReveal: boolean; newer?: string; older?: string }) {
  const { rows, mayReveal, newer, older } = props
  const { t } = useI18n()
  const columns: Column<LogRow>[] = [
    { id: 'seq', label: t('No.'), align: 'end', cell: (row) => row.seq, from: 'sm' },
    {
      id: 'at',
      label: t('When'),
      cell: (row) => <Time ms={row.at} show="dateTime" style="medium" />,
      from: 'sm',
    },
    {
      id: 'act',
      label: t('Act'),
      // Long names of acts take two lines on a phone, or the table would have to be pushed aside to be read.
      wrap: true,
      cell: (row) => (
        <>
          <code className="break-all font-mono text-xs">{row.act}</code>
          <span className="block text-ink-3 text-xs sm:hidden">
            <Time ms={row.at} show="relative" />
          </span>
        </>
      ),
    },
    {
      id: 'actor',
      label: t('Done by'),
      cell: (row) => (
        <>
          <span className="text-ink-3">{row.actorKind} </span>
          <ShortId id={row.actor} />
        </>
      ),
    },
    {
      id: 'target',
      label: t('Concerning'),
      cell: (row) => row.target && <ShortId id={row.target} />,
      from: 'md',
    },
    {
      id: 'detail',
      label: t('Detail'),
      wrap: true,
      from: 'lg',
      cell: (row) => (
        <span className="text-ink-2 text-xs">
          {Object.entries(row.detail)
            .map(([name, value]) => `${name}: ${String(value)}`)
            .join(', ')}
        </span>
      ),
    },
    {
      id: 'note',
      label: t('Reason'),
      cell: (row) =>
        row.hasNote &&
        (mayReveal ? (
          // Belongs to the form under the table, so that it works without scripts too.
          <label className="inline-flex items-center gap-1.5 text-ink-2 text-xs">
            <input type="radio" name="seq" value={row.seq} form={FORM} required className="accent-accent" />
            {t('read')}
            <span className="sr-only">{t('the reason of row {seq}', { seq: row.seq })}</span>
          </label>
        ) : (
          <span className="text-ink-3 text-xs">{t('sealed')}</span>
        )),
    },
  ]
  return (
    <Table
      label={t('Audit log')}
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.seq)}
      {...(newer ? { newer } : {})}
      {...(older ? { older } : {})}
      empty={
        <EmptyState icon={ScrollText} title={t('No row fits')}>
          {t(
            'Every act of staff and every event of security is written here. Take a filter away to see them.',
          )}
        </EmptyState>
      }
    />
  )
}
