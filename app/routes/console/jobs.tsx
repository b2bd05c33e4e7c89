import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Jobs } from '#app/components/console/Jobs.tsx'
import { retrySchema } from '#app/console/console.schema.ts'
import { deadJobs, queueCounts, retryJob } from '#app/console/jobs.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Jobs'), say('Console'))

export const loader = pageLoader({ staff: 'jobs.read' }, async ({ house, who }) => {
  const [queues, dead] = await Promise.all([queueCounts(house), deadJobs(house)])
  return { queues, dead, mayRetry: may(who.actor.role, 'jobs.retry') }
})

export const action = staffActs('jobs.read', {
  retry: pageAction({
    guard: { staff: 'jobs.retry' },
    input: retrySchema,
    act: ({ house, who, input }) => retryJob(house, who.actor, input.job),
  }),
})

export default function JobsPage() {
  return <Jobs {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
