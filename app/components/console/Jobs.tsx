import { Form } from '@remix-run/react'
import CircleCheck from 'lucide-react/icons/circle-check'
import { Button } from '#app/components/ui/Button.tsx'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState } from '#app/components/ui/Panel.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { QueueCount } from '#app/console/jobs.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { DeadJob } from '#core/queue/queue.ts'
import { type ActAnswer, Refused } from './ActForm.tsx'
import { QueueWord, ShortId } from './marks.tsx'

export interface JobsProps {
  queues: readonly QueueCount[]
  dead: readonly DeadJob[]
  mayRetry: boolean
  answer: ActAnswer | undefined
}

/** The worker's queues, and what it has given up on. */
export function Jobs({ queues, dead, mayRetry, answer }: JobsProps) {
  const { t, number } = useI18n()
  const columns: Column<QueueCount>[] = [
    {
      id: 'queue',
      label: t('Work'),
      cell: ({ queue }) => <QueueWord queue={queue} />,
    },
    {
      id: 'name',
      label: t('Queue'),
      cell: ({ queue }) => <code className="font-mono text-xs">{queue}</code>,
      from: 'sm',
    },
    { id: 'waiting', label: t('Waiting'), align: 'end', cell: (row) => number(row.waiting) },
    { id: 'active', label: t('Running'), align: 'end', cell: (row) => number(row.active) },
    {
      id: 'dead',
      label: t('Given up'),
      align: 'end',
      cell: (row) => (row.dead > 0 ? <Tag tone="bad">{number(row.dead)}</Tag> : number(0)),
    },
  ]
  return (
    <>
      <PageTitle title={t('Jobs')} />
      <div className="grid gap-6">
        <Table
          label={t('Queues')}
          columns={columns}
          rows={queues}
          rowKey={(row) => row.queue}
          empty={<EmptyState title={t('There is no queue')} />}
        />
        <section className="grid gap-3" aria-labelledby="dead">
          <div>
            <h2 id="dead" className="font-bold text-md">
              {t('Given up')}
            </h2>
            <p className="text-ink-2">
              {t(
                'Tried as often as allowed. Look at the code first: trying again helps only when its cause is gone.',
              )}
            </p>
          </div>
          <Refused answer={answer} />
          {answer?.ok && (
            <Callout announced tone="good">
              {t('It is tried once more, as soon as a worker is free.')}
            </Callout>
          )}
          <DeadTable dead={dead} mayRetry={mayRetry} />
        </section>
      </div>
    </>
  )
}

function DeadTable({ dead, mayRetry }: Pick<JobsProps, 'dead' | 'mayRetry'>) {
  const { t, number } = useI18n()
  const columns: Column<DeadJob>[] = [
    { id: 'job', label: t('Job'), cell: (row) => <ShortId id={row.id} />, from: 'md' },
    {
      id: 'work',
      label: t('Work'),
      cell: (row) => <QueueWord queue={row.queue} />,
    },
    { id: 'code', label: t('Code'), cell: (row) => <code className="font-mono text-xs">{row.code}</code> },
    {
      id: 'about',
      label: t('About'),
      cell: (row) =>
        Object.entries(row.payload).map(([name, value]) => <ShortId key={name} id={String(value)} />),
      from: 'lg',
    },
    { id: 'tries', label: t('Tries'), align: 'end', cell: (row) => number(row.attempts), from: 'sm' },
    { id: 'when', label: t('Last'), cell: (row) => <Time ms={row.diedAt} show="relative" />, from: 'sm' },
  ]
  if (mayRetry)
    columns.push({
      id: 'retry',
      label: t('Again'),
      cell: (row) => (
        <Form method="post" preventScrollReset>
          <input type="hidden" name="intent" value="retry" />
          <input type="hidden" name="job" value={row.id} />
          <Button type="submit" aria-label={t('Try again: {job}', { job: row.id.slice(-8) })}>
            {t('Try again')}
          </Button>
        </Form>
      ),
    })
  return (
    <Table
      label={t('Jobs that were given up')}
      columns={columns}
      rows={dead}
      rowKey={(row) => row.id}
      empty={
        <EmptyState icon={CircleCheck} title={t('Nothing was given up')}>
          {t('A job that fails too often comes here instead of vanishing.')}
        </EmptyState>
      }
    />
  )
}
