import { Link, useLoaderData } from '@remix-run/react'
import Coins from 'lucide-react/icons/coins'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { type StatementLine, statementOf } from '#app/billing/ledger/statement.ts'
import { titled } from '#app/components/account/titled.ts'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState, Stat } from '#app/components/ui/Panel.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'

export const meta = titled(say('Credits'))

const PAGE = 30

export const loader = pageLoader('person', async ({ house, who, url }) => {
  const { id } = who.subject
  const asked = url.searchParams.get('before')
  const [balance, statement] = await Promise.all([
    balanceOf(house.db.read, id),
    statementOf(house.db.read, id, { limit: PAGE, before: asked }),
  ])
  const { lines, older, before } = statement
  return {
    balance,
    lines,
    newer: before === undefined ? undefined : paths.credits(),
    older: older === undefined ? undefined : paths.credits({ before: older }),
  }
})

export default function Credits() {
  const { t, number } = useI18n()
  const { balance, lines, newer, older } = useLoaderData<typeof loader>()
  return (
    <>
      <PageTitle
        title={t('Credits')}
        lead={t('A video costs what stands on its button. If it fails or is refused, nothing is taken.')}
      />
      <div className="mb-8 grid gap-3 sm:grid-cols-2">
        <Stat icon={Coins} label={t('You can spend')} value={number(balance.available)} />
        <Stat
          label={t('Set aside')}
          value={number(balance.held)}
          note={t('For videos that are being made. It comes back if they are not.')}
        />
      </div>
      <h2 className="mb-2 font-bold text-md">{t('What came and went')}</h2>
      <Table
        label={t('What came and went')}
        rows={lines}
        rowKey={(line) => line.place}
        columns={useColumns()}
        newer={newer}
        older={older}
        empty={
          <EmptyState icon={Coins} title={t('Nothing yet')}>
            {t('Here you will see each video that took credits, and each time you were given some.')}
          </EmptyState>
        }
      />
    </>
  )
}

function useColumns(): Column<StatementLine>[] {
  const { t, number } = useI18n()
  const words = {
    welcome: t('Welcome'),
    given: t('Given by whoever runs this site'),
    open: t('A video is being made'),
    captured: t('A video was made'),
    released: t('A video was not made'),
  }
  return [
    {
      id: 'what',
      label: t('What'),
      wrap: true,
      cell: ({ what, generation, at }) => (
        <>
          {generation === null ? (
            words[what]
          ) : (
            <Link to={paths.creation(generation)} className="text-accent hover:underline">
              {words[what]}
            </Link>
          )}
          <span className="block text-ink-3 text-xs sm:hidden">
            <Time ms={at} show="dateTime" style="medium" />
          </span>
        </>
      ),
    },
    {
      id: 'at',
      label: t('When'),
      from: 'sm',
      cell: ({ at }) => <Time ms={at} show="dateTime" style="medium" />,
    },
    {
      id: 'amount',
      label: t('Credits'),
      align: 'end',
      cell: ({ what, effect, amount }) => (
        <>
          <span className={effect > 0 ? 'font-semibold text-good' : 'font-semibold'}>
            {number(effect, { signDisplay: 'exceptZero' })}
          </span>
          {what === 'open' && <span className="block text-ink-3 text-xs">{t('set aside')}</span>}
          {what === 'released' && (
            <span className="block text-ink-3 text-xs">
              {t('{amount} given back', { amount: number(amount) })}
            </span>
          )}
        </>
      ),
    },
    {
      id: 'left',
      label: t('Left'),
      align: 'end',
      cell: ({ left }) => number(left),
    },
  ]
}
