import { Link } from '@remix-run/react'
import CircleCheck from 'lucide-react/icons/circle-check'
import type { ReactNode } from 'react'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { List, ListRow, Panel, Stat } from '#app/components/ui/Panel.tsx'
import { Mark, Tag } from '#app/components/ui/Tag.tsx'
import type { Money } from '#app/console/money.ts'
import type { load, Upkeep } from '#app/console/overview.ts'
import type { PromiseState } from '#app/console/promises.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { type ActAnswer, ActForm } from './ActForm.tsx'
import { DayChart } from './DayChart.tsx'
import { MoneyPanel } from './MoneyChart.tsx'
import { GenerationTag, PromiseTag, QueueWord } from './marks.tsx'
import { type Needs, NeedsList } from './NeedsList.tsx'

export interface OverviewProps {
  needs: Needs
  care: Upkeep
  promises: Record<PromiseState, number>
  work: Awaited<ReturnType<typeof load>>
  /** For roles that may see it. */
  money: Money | null
  may: { jobs: boolean; mail: boolean; settings: boolean; catalogue: boolean; noteKey: boolean }
  answer: ActAnswer | undefined
}

/** What needs a person today, then how the house runs. */
export function Overview({ needs, care, promises, work, money, may, answer }: OverviewProps) {
  const { t } = useI18n()
  return (
    <>
      <PageTitle title={t('Overview')} />
      <div className="grid gap-5">
        <NeedsList needs={needs} care={care} may={may} />
        {care.keyBackupOpen && may.noteKey && <KeyBackup answer={answer} />}
        <Figures work={work} />
        {money && <MoneyPanel money={money} />}
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Panel
            title={t('Videos by day')}
            note={t('The last two weeks, by when they were asked for (UTC).')}
          >
            <DayChart days={work.days} />
          </Panel>
          <Panel title={t('Promises')} actions={<More to={paths.promises()}>{t('All promises')}</More>}>
            <PromiseSums promises={promises} />
          </Panel>
          <Panel title={t('Queues')} actions={may.jobs && <More to={paths.jobs()}>{t('Jobs')}</More>}>
            <Queues queues={work.queues} />
          </Panel>
          <Panel
            title={t('Videos by state')}
            actions={<More to={paths.generations()}>{t('Generations')}</More>}
          >
            <ByState day={work.day} week={work.week} />
          </Panel>
        </div>
      </div>
    </>
  )
}

function KeyBackup({ answer }: { answer: ActAnswer | undefined }) {
  const { t } = useI18n()
  return (
    <Callout
      tone="warn"
      title={t('Keep a copy of the installation key')}
      actions={
        <ActForm intent="key_backed_up" verb={t('I keep a copy elsewhere')} look="quiet" answer={answer} />
      }
    >
      {t(
        'Everything is sealed under it. It lies in the data folder, in keyring/master.key. Without it, no backup can be read; keep it apart from the backups.',
      )}
    </Callout>
  )
}

function Figures({ work }: { work: OverviewProps['work'] }) {
  const { t, number, duration } = useI18n()
  const sum = (rows: { count: number }[]) => rows.reduce((all, row) => all + row.count, 0)
  return (
    <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
      <Stat
        label={t('Videos in 24 hours')}
        value={number(sum(work.day))}
        note={t('asked for, whatever became of them')}
      />
      <Stat
        label={t('Videos in 7 days')}
        value={number(sum(work.week))}
        note={t('asked for, whatever became of them')}
      />
      <Stat
        label={t('Usual time for a video')}
        value={work.medianMs === null ? '–' : duration(work.medianMs)}
        note={
          work.medianMs === null
            ? t('none was finished in 7 days')
            : t('{count, plural, one {from the only one} other {the middle of # videos}} in 7 days', {
                count: work.ofMedian,
              })
        }
      />
      <Stat
        label={t('Credits used in 7 days')}
        value={number(work.credits.used)}
        note={t('{count} given out in the same time', { count: number(work.credits.granted) })}
      />
    </div>
  )
}

function PromiseSums({ promises }: { promises: Record<PromiseState, number> }) {
  const { number } = useI18n()
  const states = (['broken', 'unknown', 'kept', 'not_made'] as const).filter(
    (state) => promises[state] > 0 || state === 'kept',
  )
  return (
    <List>
      {states.map((state) => (
        <ListRow key={state} title={<PromiseTag state={state} />} end={<b>{number(promises[state])}</b>} />
      ))}
    </List>
  )
}

function Queues({ queues }: { queues: OverviewProps['work']['queues'] }) {
  const { t, number } = useI18n()
  return (
    <List>
      {queues.map(({ queue, waiting, active, dead }) => (
        <ListRow
          key={queue}
          title={<QueueWord queue={queue} />}
          end={
            <>
              {dead > 0 && <Tag tone="bad">{t('{count} given up', { count: number(dead) })}</Tag>}
              <span className="text-ink-2">
                {t('{active} running, {waiting} waiting', {
                  active: number(active),
                  waiting: number(waiting),
                })}
              </span>
            </>
          }
        />
      ))}
    </List>
  )
}

function ByState({ day, week }: Pick<OverviewProps['work'], 'day' | 'week'>) {
  const { t, number } = useI18n()
  if (week.length === 0)
    return (
      <p className="flex items-center gap-2 text-ink-2">
        <Mark icon={CircleCheck} />
        {t('Nobody asked for a video in the last 7 days.')}
      </p>
    )
  return (
    <List>
      {week.map(({ state, count }) => (
        <ListRow
          key={state}
          title={<GenerationTag state={state} />}
          end={
            <>
              <span className="text-ink-3">
                {t('{count} in 24 hours', {
                  count: number(day.find((one) => one.state === state)?.count ?? 0),
                })}
              </span>
              <b>{number(count)}</b>
            </>
          }
        />
      ))}
    </List>
  )
}

function More({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="text-accent text-sm hover:underline">
      {children}
    </Link>
  )
}
