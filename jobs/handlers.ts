import type { Workshop } from '#app/house.ts'
import type { JobPayloads } from '#app/job-payloads.ts'
import { runGeneration } from '#app/studio/generations/run.ts'
import type { Provider } from '#app/studio/providers/provider.ts'
import { isId } from '#core/ids/ids.ts'
import type { Handlers } from '#core/queue/runner.ts'
import { checkpoint } from './audit.ts'
import { destroyKeys } from './keys.ts'
import { sendMail } from './mail.ts'
import { checkPromises } from './promises.ts'
import { sweep } from './retention.ts'

/** What the worker does with each kind of job. Every handler may run again for the same job. */
export function handlersFor(
  workshop: Workshop,
  providers: ReadonlyMap<string, Provider>,
): Handlers<JobPayloads> {
  return {
    async 'generation.run'({ generation_id }, { signal, job }) {
      if (!isId('generation', generation_id)) return
      await runGeneration(workshop, generation_id, {
        signal,
        lastAttempt: job.attempt >= job.maxAttempts,
        providers,
      })
    },
    'mail.send': ({ mail_id }, { job }) =>
      sendMail(workshop, mail_id, { lastAttempt: job.attempt >= job.maxAttempts }),
    async 'keys.destroy'() {
      if ((await destroyKeys(workshop)) === 0) return
      const runAt = workshop.clock.now() + 60_000
      return { next: [{ queue: 'keys.destroy', payload: {}, dedupeKey: 'keys.destroy', runAt }] }
    },
    async 'objects.delete'({ prefix }) {
      for await (const { key } of workshop.objects.list(prefix)) await workshop.objects.delete(key)
    },
    'retention.sweep': (_payload, { signal }) => sweep(workshop, signal),
    'promises.check': () => checkPromises(workshop),
    'audit.checkpoint': () => checkpoint(workshop),
  }
}
