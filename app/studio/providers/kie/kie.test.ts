/**
 * Pins: an input uploaded for a job that is refused anyway; a person's file name at KIE; a callback asked for that nobody
 * could check; a refusal's text that repeats the prompt; a video taken from a stranger's host; Veo's smaller video handed out
 * where 1080p was asked for; an extension that hands out its own piece instead of the whole.
 */
import { expect, onTestFinished, test } from 'vitest'
import { type KieOptions, kieDouble } from '#test/doubles/providers/kie.ts'
import { CREDITS } from '#test/doubles/providers/kie-records.ts'
import { aConnection, accepted, anInput, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import { providerContract } from '../provider.contract.ts'
import type { AcceptedJob, Connection, PollAnswer, Provider, ProviderJob } from '../provider.ts'
import { kieDriver } from './driver.ts'

const never = new AbortController().signal
const kling = { family: 'jobs', model: 'kling-3.0/video', input: 'kling-3' }
const seedance = { family: 'jobs', model: 'bytedance/seedance-2', input: 'seedance-2' }
const veo = { family: 'veo', model: 'veo3_fast', input: 'veo', extend: 'fast' }
const eight = { seconds: 8, aspect_ratio: '16:9', resolution: '720p', audio: true, seed: 7 } as const

providerContract({
  driver: kieDriver,
  double: () => kieDouble(),
  job: { endpoint: kling },
  reconciles: 'none',
  policyAt: 'poll',
})

providerContract({
  driver: kieDriver,
  double: () => kieDouble(),
  job: { endpoint: veo, settings: { ...eight, mode: 'text' } },
  reconciles: 'none',
  policyAt: 'poll',
  // It knows a picture that is not safe, and nothing of faces.
  classes: { face: 'content_policy' },
})

async function start(wanted: Partial<ProviderJob>, options?: KieOptions, changes?: Partial<Connection>) {
  const double = await kieDouble(options)
  onTestFinished(() => double.close())
  const provider = kieDriver.open(aConnection(kieDriver, double, changes))
  return { double, provider, job: await aProviderJob(wanted) }
}

async function toEnd(provider: Provider, job: AcceptedJob): Promise<PollAnswer> {
  for (let polls = 0; polls < 10; polls++) {
    const answer = await provider.poll(job, never)
    if (answer.state !== 'running') return answer
  }
  throw new Error('It never ended')
}

const bodyOf = (double: Awaited<ReturnType<typeof kieDouble>>, path: string) =>
  double.requests.find((request) => request.path === path)?.json as Record<string, unknown>

test('uploads what a job needs under random names, and the job names the uploads', async () => {
  const picture = await anInput('image', fixture.picture, 'image/jpeg')
  const clip = await anInput('video', fixture.clip, 'video/mp4')
  const sound = await anInput('audio', fixture.sound, 'audio/wav')
  const { double, provider, job } = await start({
    endpoint: seedance,
    mode: 'references',
    inputs: [picture, clip, sound],
    prompt: '@Image1 dances to @Audio1 as in @Video1.',
  })
  await provider.submit(job, never)
  expect(double.uploaded).toEqual([picture.name, clip.name, sound.name])
  const { input } = bodyOf(double, '/api/v1/jobs/createTask') as { input: Record<string, unknown> }
  expect(input.reference_image_urls).toEqual([
    `https://tempfile.redpandaai.co/kieai/136592/inputs/${picture.name}`,
  ])
  expect(input.prompt).toBe('@Image1 dances to @Audio1 as in @Video1.')
})

test('uploads nothing for a job that its model cannot take', async () => {
  const { double, provider, job } = await start({
    endpoint: veo,
    mode: 'references',
    settings: { ...eight, mode: 'references' },
    inputs: [
      await anInput('image', fixture.picture, 'image/jpeg'),
      await anInput('audio', fixture.sound, 'audio/wav'),
    ],
  })
  await expect(provider.submit(job, never)).rejects.toMatchObject({
    errorClass: 'invalid_input',
    accepted: 'no',
  })
  expect(double.requests).toEqual([])
})

test('an upload that fails leaves the job untaken, whatever was answered', async () => {
  const inputs = [await anInput('first_frame', fixture.picture, 'image/jpeg')]
  const { double, provider, job } = await start({ endpoint: seedance, mode: 'first_frame', inputs })
  await double.close()
  await expect(provider.submit(job, never)).rejects.toMatchObject({
    errorClass: 'provider_down',
    accepted: 'no',
  })
})

test('asks for callbacks only when it could tell a true one', async () => {
  const wanted = { endpoint: kling, callbackUrl: 'https://studio.example.org/hooks/kie' }
  const told = await start(wanted)
  await told.provider.submit(told.job, never)
  expect(bodyOf(told.double, '/api/v1/jobs/createTask').callBackUrl).toBe(wanted.callbackUrl)
  const deaf = await start(wanted, {}, { webhookSecret: undefined })
  await deaf.provider.submit(deaf.job, never)
  expect(bodyOf(deaf.double, '/api/v1/jobs/createTask')).not.toHaveProperty('callBackUrl')
})

test('Sora 2 is retired, paused or unknown', async () => {
  for (const model of ['sora-2-text-to-video', 'sora-2-pro-text-to-video']) {
    const { double, provider, job } = await start({ endpoint: { ...kling, model } })
    await expect(provider.submit(job, never)).rejects.toMatchObject({
      errorClass: 'model_retired',
      accepted: 'no',
    })
    expect(double.taken).toEqual([])
  }
})

test('fetches nothing from a host that is not of KIE', async () => {
  const { provider, job } = await start(
    { endpoint: kling },
    { resultAt: () => 'https://aiquickdraw.com.example.org/a.mp4' },
  )
  const going = accepted(job, await provider.submit(job, never))
  await toEnd(provider, going)
  await expect(provider.fetch(going, never)).rejects.toMatchObject({ errorClass: 'result_expired' })
})

test('says what was charged, in the worth that the operator set', async () => {
  const settings = kieDriver.settings.parse({ microUsdPerCredit: 4000 })
  const { provider, job } = await start({ endpoint: kling }, {}, { settings })
  const going = accepted(job, await provider.submit(job, never))
  expect(await toEnd(provider, going)).toEqual({ state: 'succeeded', charged: { microUsd: CREDITS * 4000 } })
  expect(await provider.balance?.(never)).toEqual({ microUsd: 242_480 })
})

test('waits for the 1080p when a Veo video came smaller', async () => {
  const settings = { ...eight, resolution: '1080p', mode: 'text' } as const
  const { double, provider, job } = await start({ endpoint: veo, settings }, { veoComesIn: '720p' })
  const going = accepted(job, await provider.submit(job, never))
  expect((await provider.poll(going, never)).state).toBe('running')
  expect(await provider.poll(going, never)).toEqual({ state: 'running', againAfterMs: 25_000 })
  expect((await provider.poll(going, never)).state).toBe('succeeded')
  await provider.fetch(going, never)
  expect(double.requests.at(-1)?.path).toMatch(/-1080p\.mp4$/)
})

test('asks for no larger one when Veo says that it came as wanted', async () => {
  const settings = { ...eight, resolution: '1080p', mode: 'text' } as const
  const { double, provider, job } = await start({ endpoint: veo, settings })
  const going = accepted(job, await provider.submit(job, never))
  expect((await toEnd(provider, going)).state).toBe('succeeded')
  expect(double.requests.filter((request) => request.path.includes('get-1080p'))).toEqual([])
})

test('extends a Veo video by its task, uploads nothing, and hands out the whole', async () => {
  const { double, provider, job } = await start({ endpoint: veo, settings: { ...eight, mode: 'text' } })
  const { providerJob } = await provider.submit(job, never)
  await toEnd(provider, accepted(job, { providerJob }))
  const clip = { ...(await anInput('extend', fixture.clip, 'video/mp4')), providerJob }
  const more = await aProviderJob({
    endpoint: veo,
    mode: 'extend',
    settings: { ...eight, mode: 'extend' },
    inputs: [clip],
  })
  const going = accepted(more, await provider.submit(more, never))
  expect((await toEnd(provider, going)).state).toBe('succeeded')
  await provider.fetch(going, never)
  expect(double.uploaded).toEqual([])
  const stranger = { ...more, inputs: [{ ...clip, providerJob: undefined }] }
  await expect(provider.submit(stranger, never)).rejects.toMatchObject({ errorClass: 'invalid_input' })
})

test('says that a Veo video which came in 1080p cannot be extended', async () => {
  const settings = { ...eight, resolution: '1080p', mode: 'text' } as const
  const { provider, job } = await start({ endpoint: veo, settings })
  const { providerJob } = await provider.submit(job, never)
  await toEnd(provider, accepted(job, { providerJob }))
  const clip = { ...(await anInput('extend', fixture.clip, 'video/mp4')), providerJob }
  const more = await aProviderJob({ endpoint: veo, mode: 'extend', inputs: [clip] })
  await expect(provider.submit(more, never)).rejects.toMatchObject({
    errorClass: 'invalid_input',
    accepted: 'no',
  })
})

test('lists the models that make videos, with their prices as printed', async () => {
  const { double, provider } = await start({})
  expect(await provider.offers?.(never)).toEqual([
    { id: 'kling-3.0/video', title: 'Kling 3.0', price: '14 credits ($0.07) per second in 720p' },
    { id: 'veo-3-1', title: 'Veo 3.1', price: '60 credits per video' },
  ])
  expect(double.requests).toHaveLength(1)
})

test('a record that is not of this driver is refused before anything is sent', async () => {
  const { double, provider, job } = await start({ endpoint: { model: 'kling-3.0/video' } })
  await expect(provider.submit(job, never)).rejects.toMatchObject({
    errorClass: 'invalid_input',
    accepted: 'no',
  })
  expect(double.requests).toEqual([])
})
