import { Panel } from '#app/components/ui/Panel.tsx'
import { Table } from '#app/components/ui/Table.tsx'
import type { DayOfMoney, Money } from '#app/console/money.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { useDollars } from './catalogue-words.ts'

const HEIGHT = 96
const STEP = 28
const BAR = 10
/** Days are counted in UTC: noon falls on the same date nearly everywhere. */
const NOON_MS = 43_200_000

/** Thirty days of what providers took and what credits brought, and why jobs failed. The same figures stand in tables. */
export function MoneyPanel({ money: { days, failures } }: { money: Money }) {
  const { t } = useI18n()
  const any = days.some(({ spentMicroUsd, credits }) => spentMicroUsd > 0 || credits > 0)
  return (
    <Panel
      title={t('Money')}
      note={t(
        'The last 30 days (UTC): what providers took, and what the credits of finished videos stand for.',
      )}
    >
      {!any && failures.length === 0 ? (
        <p className="text-ink-2">
          {t('Nothing was spent or earned yet. The first finished video shows here.')}
        </p>
      ) : (
        <div className="grid gap-6">
          <Spend days={days} />
          <div className="grid items-start gap-6 md:grid-cols-2">
            <Failures failures={failures} days={days} />
            <Figures days={days} />
          </div>
        </div>
      )}
    </Panel>
  )
}

function Spend({ days }: { days: readonly DayOfMoney[] }) {
  const { t, date, number } = useI18n()
  const dollars = useDollars()
  const sum = (of: (day: DayOfMoney) => number) => days.reduce((all, day) => all + of(day), 0)
  const most = Math.max(1, ...days.flatMap((day) => [day.spentMicroUsd, day.worthMicroUsd]))
  const width = days.length * STEP
  const series = [
    { id: 'worth', of: (day: DayOfMoney) => day.worthMicroUsd, look: 'fill-accent', shift: -BAR },
    { id: 'spent', of: (day: DayOfMoney) => day.spentMicroUsd, look: 'fill-warn-bar', shift: 0 },
  ]
  return (
    <figure className="grid gap-3">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT + 1}`}
        aria-hidden="true"
        className="h-32 w-full"
        preserveAspectRatio="none"
      >
        <line x1={0} x2={width} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className="stroke-line-strong" />
        {days.map((day, at) =>
          series.map(({ id, of, look, shift }) => {
            const height = of(day) === 0 ? 0 : Math.max(2, (of(day) / most) * (HEIGHT - 4))
            return height === 0 ? null : (
              <rect
                key={`${day.day} ${id}`}
                x={at * STEP + STEP / 2 + shift}
                y={HEIGHT - height}
                width={BAR}
                height={height}
                className={look}
              />
            )
          }),
        )}
      </svg>
      <p aria-hidden="true" className="num flex justify-between text-ink-3 text-xs">
        {[days[0], days[Math.floor(days.length / 2)], days.at(-1)].map(
          (day) =>
            day && (
              <span key={day.day} suppressHydrationWarning>
                {date(day.day + NOON_MS, 'medium')}
              </span>
            ),
        )}
      </p>
      <figcaption className="num flex flex-wrap items-center gap-x-5 gap-y-1 text-ink-2 text-xs">
        <Legend look="fill-accent">
          {t('earned: {credits} credits, {sum}', {
            credits: number(sum((day) => day.credits)),
            sum: dollars(sum((day) => day.worthMicroUsd)),
          })}
        </Legend>
        <Legend look="fill-warn-bar">
          {t('spent at providers: {sum}', { sum: dollars(sum((day) => day.spentMicroUsd)) })}
        </Legend>
        <span className="text-ink-3">{t('the highest bar is {sum}', { sum: dollars(most) })}</span>
      </figcaption>
    </figure>
  )
}

function Legend({ look, children }: { look: string; children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg viewBox="0 0 10 10" width={10} height={10} aria-hidden="true">
        <rect width={10} height={10} rx={2} className={look} />
      </svg>
      {children}
    </span>
  )
}

function Failures({ failures, days }: Money) {
  const { t, number } = useI18n()
  const most = Math.max(1, ...failures.map(({ count }) => count))
  const last = (errorClass: string) =>
    days.slice(-7).reduce((sum, day) => sum + (day.failures[errorClass] ?? 0), 0)
  return (
    <div className="grid gap-2">
      <h3 className="font-semibold text-sm">{t('Failures by class')}</h3>
      <Table
        label={t('Failures by class')}
        rows={failures}
        rowKey={({ errorClass }) => errorClass}
        empty={<p className="text-ink-2 text-sm">{t('No job failed at a provider.')}</p>}
        columns={[
          {
            id: 'class',
            label: t('Class'),
            cell: ({ errorClass, count }) => (
              <span className="grid gap-1">
                <code className="font-mono text-xs">{errorClass}</code>
                <svg viewBox="0 0 100 4" className="h-1 w-full" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={(count / most) * 100} height={4} className="fill-bad" />
                </svg>
              </span>
            ),
          },
          {
            id: 'week',
            label: t('7 days'),
            align: 'end',
            cell: ({ errorClass }) => number(last(errorClass)),
          },
          { id: 'month', label: t('30 days'), align: 'end', cell: ({ count }) => number(count) },
        ]}
      />
    </div>
  )
}

function Figures({ days }: { days: readonly DayOfMoney[] }) {
  const { t, date, number } = useI18n()
  const dollars = useDollars()
  const failed = (day: DayOfMoney) => Object.values(day.failures).reduce((sum, count) => sum + count, 0)
  const busy = days.filter((day) => day.spentMicroUsd > 0 || day.credits > 0 || failed(day) > 0)
  return (
    <details className="text-sm">
      <summary className="w-fit font-semibold hover:text-accent">{t('Day by day')}</summary>
      <div className="mt-2">
        <Table
          label={t('Money by day')}
          rows={busy.toReversed()}
          rowKey={({ day }) => String(day)}
          empty={null}
          columns={[
            {
              id: 'day',
              label: t('Day'),
              cell: ({ day }) => <span suppressHydrationWarning>{date(day + NOON_MS, 'medium')}</span>,
            },
            {
              id: 'earned',
              label: t('Credits'),
              align: 'end',
              cell: ({ credits }) => number(credits),
            },
            {
              id: 'worth',
              label: t('They stand for'),
              align: 'end',
              from: 'sm',
              cell: (day) => dollars(day.worthMicroUsd),
            },
            { id: 'spent', label: t('Spent'), align: 'end', cell: (day) => dollars(day.spentMicroUsd) },
            {
              id: 'failed',
              label: t('Failed'),
              align: 'end',
              from: 'sm',
              cell: (day) => number(failed(day)),
            },
          ]}
        />
      </div>
    </details>
  )
}
