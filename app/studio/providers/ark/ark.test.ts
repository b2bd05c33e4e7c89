/**
 * Pins: a person recognisable to the provider by `safety_identifier`; a video thrown away by "cancel" after it was done; a
 * shape sent along with a first frame; a clip published so that the provider can fetch it; a lost task that is not found.
 */
import { readFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ArkOptions, arkDouble } from '#test/doubles/providers/ark.ts'
import { aConnection, accepted, anInput, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import { providerContract } from '../provider.contract.ts'
import type { ProviderJob } from '../provider.ts'
import { classOf, createdShape, read } from './answers.ts'
import { arkDriver } from './driver.ts'
import { taskOf } from './request.ts'

const never = new AbortController().signal
const endpoint = { model: 'dreamina-seedance-2-0-260128' }
const settings = { seconds: 5, aspect_ratio: '16:9', resolution: '720p', audio: true, seed: 7 } as const

providerContract({
  driver: arkDriver,
  double: () => arkDouble(),
  job: { endpoint },
  reconciles: 'found',
  policyAt: 'submit',
})

async function start(wanted: Partial<ProviderJob> = {}, options?: ArkOptions) {
  const double = await arkDouble(options)
  onTestFinished(() => double.close())
  const provider = arkDriver.open(aConnection(arkDriver, double))
  return { double, provider, job: await aProviderJob({ endpoint, ...wanted }) }
}

describe('a task', () => {
  test('from text holds what text has, and the attempt instead of a person', async () => {
    const job = await aProviderJob({ endpoint: { ...endpoint, serviceTier: 'flex' } })
    expect(await taskOf(job)).toEqual({
      model: 'dreamina-seedance-2-0-260128',
      content: [{ type: 'text', text: 'A storm over the harbour.' }],
      ratio: '16:9',
      resolution: '720p',
      duration: 5,
      seed: 7,
      generate_audio: true,
      watermark: false,
      service_tier: 'flex',
      safety_identifier: job.attempt,
    })
    expect(job.attempt.length).toBeLessThanOrEqual(64)
  })

  test('between frames takes their shape, and the pictures travel inside', async () => {
    const last = await anInput('last_frame', fixture.picture, 'image/jpeg')
    const first = await anInput('first_frame', fixture.picture, 'image/jpeg')
    const { double, provider, job } = await start({ mode: 'first_last_frame', inputs: [last, first] })
    await provider.submit(job, never)
    const body = double.requests[0]?.json as { content: { role?: string; image_url?: { url: string } }[] }
    expect(body).not.toHaveProperty('ratio')
    expect(body.content.map((part) => part.role)).toEqual([undefined, 'first_frame', 'last_frame'])
    const picture = await readFile(fixture.picture, 'base64')
    expect(body.content[1]?.image_url?.url).toBe(`data:image/jpeg;base64,${picture}`)
    expect(double.requests[0]?.raw.toString()).not.toContain(first.name)
  })

  test('with references has them in order, each in its role, sounds by the name of their format', async () => {
    const picture = await anInput('image', fixture.picture, 'image/jpeg')
    const sound = await anInput('audio', fixture.sound, 'audio/mpeg')
    const inputs = [sound, picture]
    const { double, provider, job } = await start({
      mode: 'references',
      inputs,
      settings: { ...settings, aspect_ratio: 'auto', mode: 'references' },
    })
    await provider.submit(job, never)
    const body = double.requests[0]?.json as { content: Record<string, { url: string }>[]; ratio: string }
    expect(body.ratio).toBe('adaptive')
    expect(body.content.map((part) => part.role)).toEqual([undefined, 'reference_image', 'reference_audio'])
    expect(body.content[2]?.audio_url?.url).toMatch(/^data:audio\/mp3;base64,/)
  })

  test.each<[string, (job: ProviderJob) => Promise<Partial<ProviderJob>> | Partial<ProviderJob>]>([
    [
      'a clip',
      async () => ({ mode: 'references', inputs: [await anInput('video', fixture.clip, 'video/mp4')] }),
    ],
    ['more of a clip', () => ({ mode: 'extend' })],
    ['shots', () => ({ shots: [{ prompt: 'Fog.', seconds: 5 }] })],
    ['what shall not be seen', () => ({ negativePrompt: 'fog' })],
    ['a first frame that is missing', () => ({ mode: 'first_frame' })],
    [
      'a frame among references',
      async () => ({
        mode: 'references',
        inputs: [await anInput('first_frame', fixture.picture, 'image/jpeg')],
      }),
    ],
    [
      'more than a request can carry',
      async () => ({
        mode: 'references',
        inputs: [{ ...(await anInput('image', fixture.picture, 'image/jpeg')), size: 50 * 1024 * 1024 }],
      }),
    ],
    ['a record of another driver', () => ({ endpoint: { family: 'jobs' } })],
  ])('is not made of %s, and nothing is sent', async (_, change) => {
    const { double, provider, job } = await start()
    const wanted = { ...job, ...(await change(job)) }
    await expect(provider.submit(wanted, never)).rejects.toMatchObject({
      errorClass: 'invalid_input',
      accepted: 'no',
    })
    expect(double.requests).toEqual([])
  })
})

test.each([
  ['OutputVideoSensitiveContentDetected', 'content_policy'],
  ['OutputAudioSensitiveContentDetected.PolicyViolation', 'content_policy'],
  ['InputVideoSensitiveContentDetected.PrivacyInformation', 'face_policy'],
  ['InputTextRiskDetection', 'content_policy'],
  ['QuotaExceeded', 'provider_out_of_credit'],
  ['ModelNotOpen', 'provider_auth'],
  ['InvalidEndpoint.ClosedEndpoint', 'model_retired'],
  ['InvalidParameter.TaskTypeConstraint', 'invalid_input'],
  ['ServerOverloaded', 'rate_limited'],
  ['InternalServiceError', undefined],
])('its code %s is of the class %s', (code, errorClass) => {
  expect(classOf(code)).toBe(errorClass)
})

test.each<[number, unknown, string, 'no' | 'perhaps']>([
  [400, { error: { code: 'InvalidParameter' } }, 'invalid_input', 'no'],
  [400, { error: { code: 'SomethingNew' } }, 'invalid_input', 'no'],
  [403, { error: { code: 'AccountOverdueError' } }, 'provider_out_of_credit', 'no'],
  [429, undefined, 'rate_limited', 'no'],
  [403, undefined, 'provider_down', 'perhaps'],
  [500, { error: { code: 'InternalServiceError' } }, 'provider_down', 'perhaps'],
  [502, undefined, 'provider_down', 'perhaps'],
  [200, undefined, 'provider_down', 'perhaps'],
  [200, { id: '' }, 'provider_down', 'perhaps'],
])('an answer of %i with %o to a submit', (status, json, errorClass, taken) => {
  const answer = { status, headers: new Headers(), text: '', json }
  try {
    read(createdShape, answer, 0)
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ errorClass, accepted: taken })
  }
})

test('a task refused after it was made ends with the class of its code', async () => {
  const { provider, job } = await start({}, { failsWith: 'OutputVideoSensitiveContentDetected' })
  const going = accepted(job, await provider.submit(job, never))
  await provider.poll(going, never)
  expect(await provider.poll(going, never)).toEqual({ state: 'failed', errorClass: 'content_policy' })
})

test('cancelling a queued task stops it; one that runs goes on, and one that is done stays whole', async () => {
  const { double, provider, job } = await start()
  const queued = accepted(job, await provider.submit({ ...job, prompt: 'Fog [[stuck]]' }, never))
  expect(await provider.cancel?.(queued, never)).toBe(true)
  expect(await provider.poll(queued, never)).toMatchObject({ state: 'failed' })
  const running = accepted(job, await provider.submit({ ...job, prompt: 'Fog [[stuck]]' }, never))
  await provider.poll(running, never)
  expect(await provider.cancel?.(running, never)).toBe(false)
  const done = accepted(job, await provider.submit({ ...job, prompt: 'Fog [[slow:0]]' }, never))
  expect(await provider.cancel?.(done, never)).toBe(false)
  await provider.fetch(done, never)
  expect(double.cancelled).toEqual([queued.providerJob])
})

test('forgetting deletes the record of what is done, and says so when it cannot or need not', async () => {
  const { provider, job } = await start()
  const done = accepted(job, await provider.submit({ ...job, prompt: 'Fog [[slow:0]]' }, never))
  await provider.poll(done, never)
  expect(await provider.forget?.(done, never)).toBe('deleted')
  expect(await provider.forget?.(done, never)).toBe('already_gone')
  const running = accepted(job, await provider.submit({ ...job, prompt: 'Fog [[stuck]]' }, never))
  await provider.poll(running, never)
  await provider.poll(running, never)
  expect(await provider.forget?.(running, never)).toBe('cannot')
})

test('not finding an attempt in the list proves nothing', async () => {
  const { provider, job } = await start()
  await provider.submit(job, never)
  const other = await aProviderJob({ endpoint })
  expect(await provider.reconcile?.(other, never)).toEqual({ state: 'unsure' })
})

test('fetches nothing from a host that is not of its store', async () => {
  const { provider, job } = await start({}, { resultAt: () => 'https://volces.com.example.org/a.mp4' })
  const going = accepted(job, await provider.submit({ ...job, prompt: 'Fog [[slow:0]]' }, never))
  await provider.poll(going, never)
  await expect(provider.fetch(going, never)).rejects.toMatchObject({ errorClass: 'result_expired' })
})
