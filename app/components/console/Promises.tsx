import ShieldCheck from 'lucide-react/icons/shield-check'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState } from '#app/components/ui/Panel.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Standing } from '#compliance/promises/run.ts'
import { type ActAnswer, ActForm } from './ActForm.tsx'
import { PromiseTag } from './marks.tsx'

export interface PromisesProps {
  promises: readonly Standing[]
  mayCheck: boolean
  answer: ActAnswer | undefined
}

/** What people are promised, what keeps it, and what the newest check over live data found. */
export function Promises({ promises, mayCheck, answer }: PromisesProps) {
  const { t } = useI18n()
  return (
    <>
      <PageTitle
        title={t('Promises')}
        lead={t(
          'What the policy tells people, each with a check over live data. What is not made is left out of the policy.',
        )}
        actions={mayCheck && <ActForm intent="check" verb={t('Check now')} answer={answer} />}
      />
      {answer?.ok && (
        <div className="mb-4">
          <Callout announced tone="good">
            {t('The checks run as soon as a worker is free. Open this page again in a moment.')}
          </Callout>
        </div>
      )}
      <Table
        label={t('Promises')}
        columns={useColumns()}
        rows={promises}
        rowKey={(row) => row.id}
        empty={
          <EmptyState icon={ShieldCheck} title={t('Nothing is promised')}>
            {t('This version makes no promise that it can check.')}
          </EmptyState>
        }
      />
    </>
  )
}

function useColumns(): Column<Standing>[] {
  const { t } = useI18n()
  return [
    { id: 'id', label: t('No.'), cell: (row) => <code className="font-mono text-xs">{row.id}</code> },
    { id: 'state', label: t('State'), cell: (row) => <PromiseTag state={row.state} /> },
    {
      id: 'promise',
      label: t('Promise'),
      wrap: true,
      cell: (row) => (
        <>
          <p>{t(row.sentence)}</p>
          <p className="text-ink-3 text-xs">{t(row.keptBy)}</p>
        </>
      ),
    },
    {
      id: 'evidence',
      label: t('Found'),
      wrap: true,
      from: 'md',
      cell: (row) => (
        <span className="text-ink-2 text-xs">
          {Object.entries(row.evidence)
            // Where the next run goes on, and lists with nothing in them, tell a reader nothing.
            .filter(([name, value]) => value !== '' && value !== null && !/^next(_|$)/.test(name))
            .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${String(value)}`)
            .join(', ')}
        </span>
      ),
    },
    {
      id: 'checked',
      label: t('Checked'),
      cell: (row) => (row.checkedAt === null ? t('never') : <Time ms={row.checkedAt} show="relative" />),
      from: 'sm',
    },
  ]
}
