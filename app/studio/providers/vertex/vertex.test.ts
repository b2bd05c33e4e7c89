/**
 * It pins: a token asked for with every call, or used after its end; a key that is no service account's, leaking into the
 * error; the wrong host for a location; seed and sound forgotten; a file handed out without a look at its first bytes.
 */
import { expect, onTestFinished, test } from 'vitest'
import { providerContract } from '#app/studio/providers/provider.contract.ts'
import type { ProviderJob } from '#app/studio/providers/provider.ts'
import { HOUR, MINUTE, movableClock } from '#core/clock/clock.ts'
import { vertexDouble } from '#test/doubles/providers/vertex.ts'
import { aConnection, accepted, anInput, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import { vertexDriver } from './driver.ts'
import { readServiceAccount } from './token.ts'

const endpoint = { model: 'veo-3.1-fast-generate-001' }
const settings: ProviderJob['settings'] = {
  seconds: 8,
  aspect_ratio: '16:9',
  resolution: '1080p',
  audio: false,
  seed: 4_294_967_295,
  mode: 'text',
}
const never = new AbortController().signal

providerContract({
  driver: vertexDriver,
  double: vertexDouble,
  job: { endpoint, settings },
  reconciles: 'none',
  policyAt: 'poll',
})

async function open(changes: Parameters<typeof aConnection>[2] = {}) {
  const double = await vertexDouble()
  onTestFinished(() => double.close())
  return { double, provider: vertexDriver.open(aConnection(vertexDriver, double, changes)) }
}

test('one token serves an hour, less five minutes', async () => {
  const clock = movableClock()
  const { double, provider } = await open({ clock })
  for (let i = 0; i < 3; i++) await provider.health(never)
  clock.advance(HOUR - 6 * MINUTE)
  await provider.health(never)
  expect(double.tokens).toBe(1)
  clock.advance(2 * MINUTE)
  await provider.health(never)
  expect(double.tokens).toBe(2)
})

test('a token that was revoked is asked for anew after one refusal', async () => {
  const { double, provider } = await open()
  await provider.health(never)
  double.revoke()
  await expect(provider.health(never)).rejects.toMatchObject({ errorClass: 'provider_auth' })
  await provider.health(never)
  expect(double.tokens).toBe(2)
})

test('a key of another account is refused by Google, and a broken one here; nothing of it is told', async () => {
  const { double } = await open()
  const other = { ...JSON.parse(double.key), client_email: 'other@a-project.iam.gserviceaccount.com' }
  const provider = vertexDriver.open(aConnection(vertexDriver, double, { keyIs: JSON.stringify(other) }))
  await expect(provider.health(never)).rejects.toMatchObject({
    errorClass: 'provider_auth',
    providerCode: 'invalid_grant',
  })
  for (const key of ['', '{}', double.key.replace('BEGIN', 'BEGUN'), double.key.replace('https:', 'http:')]) {
    const error: unknown = await Promise.resolve()
      .then(() => readServiceAccount(key))
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ errorClass: 'provider_auth', cause: undefined })
  }
})

test.each([
  ['text', [], {}],
  ['first_frame', ['first_frame'], { image: expect.anything() }],
  [
    'first_last_frame',
    ['first_frame', 'last_frame'],
    { image: expect.anything(), lastFrame: expect.anything() },
  ],
  ['references', ['image'], { referenceImages: [{ image: expect.anything(), referenceType: 'asset' }] }],
  ['extend', ['extend'], { video: { bytesBase64Encoded: expect.anything(), mimeType: 'video/mp4' } }],
] as const)('in mode %s just its files are sent, with seed and sound', async (mode, roles, files) => {
  const { double, provider } = await open()
  const inputs = await Promise.all(
    roles.map((role) =>
      role === 'extend'
        ? anInput(role, fixture.clip, 'video/mp4')
        : anInput(role, fixture.picture, 'image/jpeg'),
    ),
  )
  await provider.submit(await aProviderJob({ endpoint, settings, mode, inputs, prompt: 'A quay.' }), never)
  expect(double.requests.at(-1)?.json).toEqual({
    instances: [{ prompt: 'A quay.', ...files }],
    parameters: {
      aspectRatio: '16:9',
      resolution: '1080p',
      durationSeconds: 8,
      sampleCount: 1,
      seed: 4_294_967_295,
      generateAudio: false,
    },
  })
})

test('several shots are written as clock times', async () => {
  const { double, provider } = await open()
  const shots = [
    { prompt: 'A quay.', seconds: 2 },
    { prompt: 'A boat.', seconds: 6 },
  ]
  await provider.submit(await aProviderJob({ endpoint, settings, shots }), never)
  const prompt = '[00:00-00:02] A quay.\n[00:02-00:08] A boat.'
  expect(double.requests.at(-1)?.json).toMatchObject({ instances: [{ prompt }] })
})

test('the project of the settings goes before that of the key', async () => {
  const { double, provider } = await open({ settings: { location: 'us-central1', project: 'another' } })
  await expect(provider.health(never)).rejects.toMatchObject({ errorClass: 'provider_down' })
  expect(double.requests.at(-1)?.path).toBe('/v1/projects/another/locations/us-central1')
})

test('a result without a video in it is an expired one', async () => {
  const { provider } = await open()
  const job = await aProviderJob({ endpoint, settings, prompt: '[[slow:0]] [[htmlresult]]' })
  const going = accepted(job, await provider.submit(job, never))
  expect((await provider.poll(going, never)).state).toBe('succeeded')
  await expect(provider.fetch(going, never)).rejects.toMatchObject({ providerCode: 'not a video' })
})
