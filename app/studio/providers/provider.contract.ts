/**
 * What the engine relies on in every provider, run over each driver and its double. It pins: a job taken twice; an answer
 * lost and called "not accepted"; a web page taken for an answer; a job that never ends because a passing failure was
 * taken for the end; a result from a strange host, cut short or no video; a prompt in an error; a forged webhook believed.
 */
import { readFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ProviderDouble, Tag } from '#test/doubles/providers/harness.ts'
import { aConnection, accepted, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import type { AcceptedJob, Driver, PollAnswer, Provider, ProviderJob } from './provider.ts'
import { type ErrorClass, isProviderError, type ProviderError } from './provider-errors.ts'

export interface ContractSubject {
  driver: Driver
  double(): Promise<ProviderDouble>
  /** What makes a job one of this provider's: the route's endpoint, and settings it can take. */
  job: Partial<ProviderJob>
  /** Tags that this provider cannot show, each with the reason. */
  cannot?: Partial<Record<Tag, string>>
  /** What `reconcile` finds after a lost answer; `none` where the provider offers nothing to look by. */
  reconciles: 'found' | 'unsure' | 'none'
  /** The class that `[[policy]]` and others end in, where it is not the usual one. */
  classes?: Partial<Record<Tag, ErrorClass>>
  /** Refused at the submit, or only found by a poll. */
  policyAt: 'submit' | 'poll'
}

const prompt = 'Grandmother Ottilie walks along the quay.'
const never = new AbortController().signal

export function providerContract(subject: ContractSubject): void {
  const { driver } = subject
  const can = (tag: Tag) => test.skipIf(subject.cannot?.[tag] !== undefined)

  async function start(tags = '', options: { keyIs?: string; webhookSecret?: string } = {}) {
    const double = await subject.double()
    onTestFinished(() => double.close())
    const provider = driver.open(aConnection(driver, double, options))
    const job = await aProviderJob({ ...subject.job, prompt: `${prompt} ${tags}`.trim() })
    return { double, provider, job }
  }

  async function toEnd(provider: Provider, job: AcceptedJob): Promise<{ end: PollAnswer; polls: number }> {
    for (let polls = 1; polls <= 20; polls++) {
      const answer = await provider.poll(job, never)
      if (answer.state !== 'running') return { end: answer, polls }
      expect(answer.againAfterMs).toBeGreaterThanOrEqual(500)
      if (answer.progress !== undefined) expect(answer.progress).toBeLessThanOrEqual(1)
    }
    throw new Error('It never ended')
  }

  async function refusal(work: Promise<unknown>): Promise<ProviderError> {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!isProviderError(error)) throw new Error(`No provider error but ${String(error)}`)
    expect(String(error), 'nothing of the prompt').not.toContain('Ottilie')
    expect(JSON.stringify(error.cause ?? ''), 'nothing of the prompt').not.toContain('Ottilie')
    return error
  }

  describe(`the provider ${driver.name}`, () => {
    test('takes a job once, runs it, and hands out the file as it is', async () => {
      const { double, provider, job } = await start()
      const taken = await provider.submit(job, never)
      const going = accepted(job, taken)
      expect((await provider.poll(going, never)).state).toBe('running')
      expect((await toEnd(provider, going)).end.state).toBe('succeeded')
      const path = await provider.fetch(going, never)
      expect(path.startsWith(job.workDir)).toBe(true)
      expect((await readFile(path)).equals(await readFile(fixture.result))).toBe(true)
      expect(double.taken).toEqual([taken.providerJob])
    })

    test('can be asked and fetched from again by another process, which knows only what was written down', async () => {
      const { double, provider, job } = await start('[[slow:0]]')
      const going = accepted(job, JSON.parse(JSON.stringify(await provider.submit(job, never))))
      const other = driver.open(aConnection(driver, double))
      expect((await toEnd(other, going)).end.state).toBe('succeeded')
      expect((await toEnd(other, going)).end.state).toBe('succeeded')
      await other.fetch(going, never)
      await other.fetch(going, never)
      expect(double.taken).toHaveLength(1)
    })

    test('waits while it runs', async () => {
      const { provider, job } = await start('[[slow:4]]')
      const { end, polls } = await toEnd(provider, accepted(job, await provider.submit(job, never)))
      expect([end.state, polls]).toEqual(['succeeded', 5])
    })

    for (const [tag, usual] of [
      ['invalid', 'invalid_input'],
      ['429', 'rate_limited'],
      ['credit', 'provider_out_of_credit'],
      ['retired', 'model_retired'],
    ] as const)
      can(tag)(`says ${usual} at [[${tag}]], with nothing taken`, async () => {
        const { double, provider, job } = await start(`[[${tag}]]`)
        const error = await refusal(provider.submit(job, never))
        expect(error).toMatchObject({ errorClass: subject.classes?.[tag] ?? usual, accepted: 'no' })
        expect(double.taken).toEqual([])
      })

    for (const tag of ['policy', 'face', 'fail'] as const)
      can(tag)(`ends as refused or failed at [[${tag}]]`, async () => {
        const usual = { policy: 'content_policy', face: 'face_policy', fail: 'provider_down' } as const
        const errorClass = subject.classes?.[tag] ?? usual[tag]
        const { provider, job } = await start(`[[${tag}]]`)
        if (tag !== 'fail' && subject.policyAt === 'submit')
          return expect(await refusal(provider.submit(job, never))).toMatchObject({
            errorClass,
            accepted: 'no',
          })
        const going = accepted(job, await provider.submit(job, never))
        expect((await toEnd(provider, going)).end).toMatchObject({ state: 'failed', errorClass })
      })

    can('down')(
      'may have taken it when the server failed, and surely has not when nobody listens',
      async () => {
        const { double, provider, job } = await start('[[down]]')
        expect((await refusal(provider.submit(job, never))).errorClass).toBe('provider_down')
        await double.close()
        expect(await refusal(provider.submit(job, never))).toMatchObject({
          errorClass: 'provider_down',
          accepted: 'no',
        })
      },
    )

    can('html')('does not take a web page for an answer', async () => {
      const { provider, job } = await start('[[html]]')
      expect(await refusal(provider.submit(job, never))).toMatchObject({
        errorClass: 'provider_down',
        accepted: 'perhaps',
      })
    })

    can('lost')(
      'says perhaps when the answer to a submit is lost, and finds the job again if it can',
      async () => {
        const { double, provider, job } = await start('[[lost]]')
        expect((await refusal(provider.submit(job, never))).accepted).toBe('perhaps')
        expect(double.taken).toHaveLength(1)
        if (subject.reconciles === 'none') return expect(provider.reconcile).toBeUndefined()
        const found = await provider.reconcile?.(job, never)
        expect(found?.state).toBe(subject.reconciles)
        if (found?.state !== 'found') return
        expect(found.providerJob).toBe(double.taken[0])
        expect((await toEnd(provider, accepted(job, found))).end.state).toBe('succeeded')
        expect(double.taken).toHaveLength(1)
      },
    )

    for (const tag of ['poll500', 'pollhtml'] as const)
      can(tag)(`takes [[${tag}]] for a passing failure, not for the end`, async () => {
        const { provider, job } = await start(`[[${tag}]]`)
        const going = accepted(job, await provider.submit(job, never))
        const error = await refusal(provider.poll(going, never))
        expect(error.errorClass).toBe('provider_down')
        expect((await toEnd(provider, going)).end.state).toBe('succeeded')
      })

    can('gone')('says that a forgotten job has ended', async () => {
      const { provider, job } = await start('[[gone]]')
      const going = accepted(job, await provider.submit(job, never))
      expect((await toEnd(provider, going)).end).toMatchObject({ state: 'failed' })
    })

    for (const tag of ['expired', 'htmlresult'] as const)
      can(tag)(`says result_expired at [[${tag}]]`, async () => {
        const { provider, job } = await start(`[[${tag}]]`)
        const going = accepted(job, await provider.submit(job, never))
        await toEnd(provider, going)
        expect((await refusal(provider.fetch(going, never))).errorClass).toBe('result_expired')
      })

    can('truncated')('does not hand out a file that broke off', async () => {
      const { provider, job } = await start('[[truncated]]')
      const going = accepted(job, await provider.submit(job, never))
      await toEnd(provider, going)
      expect((await refusal(provider.fetch(going, never))).errorClass).toBe('provider_down')
    })

    test('names a wrong key as such, in the health check too', async () => {
      if (driver.key === 'optional') return
      const { double, provider, job } = await start('', { keyIs: 'wrong-key' })
      const error = await refusal(provider.submit(job, never))
      expect(error).toMatchObject({ errorClass: 'provider_auth', accepted: 'no' })
      expect((await refusal(provider.health(never))).errorClass).toBe('provider_auth')
      expect(double.taken).toEqual([])
    })

    test('is healthy with the right key, at no cost', async () => {
      const { double, provider } = await start()
      await provider.health(never)
      expect(double.taken).toEqual([])
    })

    test('stops when it is told to, with the reason it was given', async () => {
      const { provider, job } = await start()
      const stopped = AbortSignal.abort(new Error('the worker stops'))
      await expect(provider.submit(job, stopped)).rejects.toThrow('the worker stops')
    })

    test('cancels where it offers to, and a job that has ended is no error', async () => {
      const { double, provider, job } = await start('[[stuck]]')
      if (!provider.cancel) return
      const going = accepted(job, await provider.submit(job, never))
      if (await provider.cancel(going, never)) expect(double.cancelled).toEqual([going.providerJob])
      expect(typeof (await provider.cancel(going, never))).toBe('boolean')
    })

    test('believes only webhooks that are signed, fresh and whole', async () => {
      const { double, provider, job } = await start()
      if (driver.webhook === 'none') return expect(provider.verifyWebhook).toBeUndefined()
      const { providerJob } = await provider.submit(job, never)
      const now = Date.now()
      const ask = (how: 'true' | 'forged' | 'unsigned' | 'stale') => {
        const request = double.webhook?.(providerJob, how, now)
        if (!request) throw new Error('The double sends no webhooks')
        return provider.verifyWebhook?.(request)
      }
      expect(await ask('true')).toMatchObject({ accepted: true, providerJob })
      expect(await ask('forged')).toMatchObject({ accepted: false, why: 'forged' })
      expect(await ask('unsigned')).toMatchObject({ accepted: false, why: 'unsigned' })
      expect(await ask('stale')).toMatchObject({ accepted: false, why: 'stale' })
      const headers = double.webhook?.(providerJob, 'true', now).headers ?? {}
      const odd = await provider.verifyWebhook?.({ headers, rawBody: Buffer.from('{') })
      expect(odd).toMatchObject({ accepted: false })
    })
  })
}
