import type { Workshop } from '#app/house.ts'
import type { JobPayloads } from '#app/job-payloads.ts'
import { admit, nextAdmission } from '#app/studio/generations/admit.ts'
import { runGeneration } from '#app/studio/generations/run.ts'
import { tidyAtProvider } from '#app/studio/generations/tidy.ts'
import { watchGeneration } from '#app/studio/generations/watch.ts'
import { readProviders } from '#app/studio/providers/readings.ts'
import { acceptMedia } from '#app/studio/references/receive.ts'
import { isId } from '#core/ids/ids.ts'
import type { Handlers } from '#core/queue/runner.ts'
import { checkpoint } from './audit.ts'
import { destroyKeys } from './keys.ts'
import { sendMail } from './mail.ts'
import { checkPromises } from './promises.ts'
import { sweep } from './retention.ts'

/** What the worker does with each kind of job. Every handler may run again for the same job. */
export function handlersFor(workshop: Workshop): Handlers<JobPayloads> {
  return {
    async 'generation.run'({ generation_id }, { signal, job }) {
      if (!isId('generation', generation_id)) return
      await runGeneration(workshop, generation_id, {
        signal,
        lastAttempt: job.attempt >= job.maxAttempts,
      })
    },
    async 'generation.admit'({ generation_id }) {
      return { next: nextAdmission(generation_id, await admit(workshop)) }
    },
    async 'generation.watch'({ generation_id }, { signal }) {
      if (!isId('generation', generation_id)) return
      return { next: await watchGeneration(workshop, generation_id, signal) }
    },
    async 'provider.tidy'({ attempt_id, act }, { signal }) {
      if (!isId('attempt', attempt_id) || (act !== 'cancel' && act !== 'forget')) return
      await tidyAtProvider(workshop, attempt_id, act, signal)
    },
    async 'reference.accept'({ reference_id }, { signal, job }) {
      if (!isId('reference', reference_id)) return
      await acceptMedia(workshop, reference_id, { signal, lastAttempt: job.attempt >= job.maxAttempts })
    },
    'providers.read': (_payload, { signal }) => readProviders(workshop, signal),
    'mail.send': ({ mail_id }, { job }) =>
      sendMail(workshop, mail_id, { lastAttempt: job.attempt >= job.maxAttempts }),
    async 'keys.destroy'() {
      if ((await destroyKeys(workshop)) === 0) return
      const runAt = workshop.clock.now() + 60_000
      return { next: [{ queue: 'keys.destroy', payload: {}, dedupeKey: 'keys.destroy', runAt }] }
    },
    async 'objects.delete'({ prefix }, { signal }) {
      for await (const { key } of workshop.objects.list(prefix)) {
        signal.throwIfAborted()
        await workshop.objects.delete(key)
      }
    },
    'retention.sweep': (_payload, { signal }) => sweep(workshop, signal),
    async 'promises.check'(_payload, { signal }) {
      await checkPromises(workshop, signal)
      // What it did not come to, the next try looks at.
      signal.throwIfAborted()
    },
    'audit.checkpoint': () => checkpoint(workshop),
  }
}
