import { Link } from '@remix-run/react'
import Plus from 'lucide-react/icons/plus'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import { LinkButton } from '#app/components/ui/Button.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { Bar } from '#app/components/ui/Progress.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { ProviderRow } from '#app/console/providers.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { providerStates, useDollars } from './catalogue-words.ts'

export interface ProvidersProps {
  providers: readonly ProviderRow[]
  /** Kinds of servers of which one more can be connected. */
  more: readonly { driver: string; title: string; id: string }[]
  mayChange: boolean
}

/** Everybody who runs models here, or could. */
export function Providers({ providers, more, mayChange }: ProvidersProps) {
  const { t } = useI18n()
  const columns = useColumns()
  return (
    <>
      <PageTitle
        title={t('Providers')}
        lead={t(
          'Who runs the models. A provider gets a person’s prompt and files only while it is on, tested and whole in the register.',
        )}
      />
      <Table
        label={t('Providers')}
        columns={columns}
        rows={providers}
        rowKey={({ id }) => id}
        empty={<p className="text-ink-2">{t('This version knows no provider.')}</p>}
      />
      {mayChange && more.length > 0 && (
        <div className="mt-5 flex flex-wrap gap-2">
          {more.map(({ id, title }) => (
            <LinkButton key={id} to={paths.provider(id)} icon={Plus}>
              {t('Another {title}', { title })}
            </LinkButton>
          ))}
        </div>
      )}
    </>
  )
}

function useColumns(): Column<ProviderRow>[] {
  const { t, number } = useI18n()
  const dollars = useDollars()
  return [
    {
      id: 'provider',
      label: t('Provider'),
      wrap: true,
      cell: ({ id, title, state }) =>
        state === 'built_in' ? (
          <Named state={state}>
            <span className="font-medium">{title}</span>
          </Named>
        ) : (
          <Named state={state}>
            <Link to={paths.provider(id)} className="font-medium text-accent hover:underline">
              {title}
            </Link>
          </Named>
        ),
    },
    { id: 'state', label: t('State'), from: 'sm', cell: ({ state }) => <StateTag state={state} /> },
    { id: 'key', label: t('Key'), from: 'md', cell: (row) => <KeyWord row={row} /> },
    { id: 'test', label: t('Last test'), from: 'lg', cell: (row) => <TestWord row={row} /> },
    {
      id: 'balance',
      label: t('Balance'),
      align: 'end',
      from: 'md',
      cell: ({ balance }) =>
        balance ? (
          <span className="grid">
            {dollars(balance.microUsd)}
            <span className="text-ink-3 text-xs">
              <Time ms={balance.at} show="relative" />
            </span>
          </span>
        ) : (
          <None />
        ),
    },
    {
      id: 'used',
      label: t('This month'),
      align: 'end',
      from: 'sm',
      cell: ({ usedMicroUsd: used, budgetMicroUsd: budget, state }) =>
        state === 'on' || state === 'off' ? (
          <span className="inline-grid justify-items-end gap-1">
            {budget === null
              ? dollars(used)
              : t('{used} of {budget}', { used: dollars(used), budget: dollars(budget) })}
            {budget !== null && <Bar share={used / Math.max(1, budget)} tone={budgetTone(used, budget)} />}
          </span>
        ) : (
          <None />
        ),
    },
    {
      id: 'flight',
      label: t('Under way'),
      align: 'end',
      from: 'lg',
      cell: ({ inFlight, state }) =>
        inFlight === 0 && state === 'not_connected' ? <None /> : number(inFlight),
    },
    { id: 'notes', label: t('To look at'), wrap: true, cell: (row) => <Notes row={row} /> },
  ]
}

/** With its state below it where there is no column for that. */
function Named({ state, children }: Pick<ProviderRow, 'state'> & { children: ReactNode }) {
  return (
    <span className="grid justify-items-start gap-1">
      {children}
      <span className="sm:hidden">
        <StateTag state={state} />
      </span>
    </span>
  )
}

export function budgetTone(used: number, budget: number): 'plain' | 'warn' | 'bad' {
  return used >= budget ? 'bad' : used >= budget * 0.8 ? 'warn' : 'plain'
}

export function StateTag({ state }: Pick<ProviderRow, 'state'>) {
  const { t } = useI18n()
  return <Tag tone={providerStates[state].tone}>{t(providerStates[state].word)}</Tag>
}

function KeyWord({ row: { key, state } }: { row: ProviderRow }) {
  const { t } = useI18n()
  if (key.set) return key.hint ? <code className="font-mono text-xs">…{key.hint}</code> : t('set')
  if (state === 'not_connected' || state === 'built_in') return <None />
  return key.wanted ? (
    <Tag tone="bad">{t('missing')}</Tag>
  ) : (
    <span className="text-ink-3">{t('none needed')}</span>
  )
}

export function TestWord({ row: { test } }: { row: Pick<ProviderRow, 'test'> }) {
  const { t } = useI18n()
  if (!test) return <None />
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1 tracking-normal">
      <Tag tone={test.error ? 'bad' : 'good'}>{test.error ? t('failed') : t('went well')}</Tag>
      <span className="text-ink-3 text-xs">
        <Time ms={test.at} show="relative" />
      </span>
    </span>
  )
}

function Notes({ row }: { row: ProviderRow }) {
  const { t } = useI18n()
  if (row.state === 'not_connected' || row.state === 'built_in') return <None />
  const { drift, openOffers, gaps, usedMicroUsd, budgetMicroUsd, test } = row
  const budgetUsed = budgetMicroUsd !== null && usedMicroUsd >= budgetMicroUsd
  if (!test?.error && !drift && !budgetUsed && openOffers === 0 && gaps.length === 0) return <None />
  return (
    <span className="flex flex-wrap gap-1.5">
      {test?.error && (
        <Tag tone="bad" icon={TriangleAlert}>
          {t('test failed')}
        </Tag>
      )}
      {gaps.length > 0 && (
        <Tag tone="warn" icon={TriangleAlert}>
          {t('register not complete')}
        </Tag>
      )}
      {drift && (
        <Tag tone="bad" icon={TriangleAlert}>
          {t('sums drift')}
        </Tag>
      )}
      {budgetUsed && (
        <Tag tone="bad" icon={TriangleAlert}>
          {t('budget used up')}
        </Tag>
      )}
      {openOffers > 0 && (
        <Tag tone="accent">
          {t('{count, plural, one {# offer changed} other {# offers changed}}', { count: openOffers })}
        </Tag>
      )}
    </span>
  )
}

function None() {
  return <span className="text-ink-3">–</span>
}
