import { useLoaderData } from '@remix-run/react'
import Coins from 'lucide-react/icons/coins'
import { movements } from '#app/billing/ledger/ledger.queries.ts'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { titled } from '#app/components/account/titled.ts'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState, Stat } from '#app/components/ui/Panel.tsx'
import { Table } from '#app/components/ui/Table.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'
import { isId } from '#core/ids/ids.ts'

export const meta = titled(say('Credits'))

const PAGE = 30

export const loader = pageLoader('person', async ({ house, who, url }) => {
  const { id } = who.subject
  const asked = url.searchParams.get('before')
  const before = isId('entry', asked) ? asked : undefined
  const [balance, rows] = await Promise.all([
    balanceOf(house.db.read, id),
    movements(house.db.read, id, { limit: PAGE + 1, ...(before ? { before } : {}) }),
  ])
  const shown = rows.slice(0, PAGE)
  return {
    balance,
    rows: shown.map(({ id, amount, at, kind, key }) => ({ id, amount, at, why: reason(kind, key) })),
    newer: before ? paths.credits() : undefined,
    older: rows.length > PAGE ? paths.credits({ before: shown.at(-1)?.id }) : undefined,
  }
})

function reason(kind: string, key: string) {
  if (kind === 'capture') return say('A video was made')
  if (key.startsWith('grant:welcome:')) return say('Welcome')
  return say('Given by whoever runs this site')
}

export default function Credits() {
  const { t, number } = useI18n()
  const { balance, rows, newer, older } = useLoaderData<typeof loader>()
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
        rows={rows}
        rowKey={(row) => row.id}
        newer={newer}
        older={older}
        empty={
          <EmptyState icon={Coins} title={t('Nothing yet')}>
            {t('Here you will see each video that took credits, and each time you were given some.')}
          </EmptyState>
        }
        columns={[
          { id: 'why', label: t('What'), cell: (row) => t(row.why), wrap: true },
          { id: 'at', label: t('When'), cell: (row) => <Time ms={row.at} show="dateTime" style="medium" /> },
          {
            id: 'amount',
            label: t('Credits'),
            align: 'end',
            cell: (row) => (
              <span className={row.amount > 0 ? 'font-semibold text-good' : 'font-semibold'}>
                {number(row.amount, { signDisplay: 'exceptZero' })}
              </span>
            ),
          },
        ]}
      />
    </>
  )
}
