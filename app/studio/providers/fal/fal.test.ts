/**
 * fal over its double. It pins, beyond the contract: files put at fal under a person's name or for ever; a key sent to an
 * address that came in an answer; a queue path with the whole endpoint in it, which fal does not know; a refusal that fal
 * shows only as the result of a "completed" run; keys asked for anew by everybody who knocks with rubbish.
 */
import { readFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DAY, HOUR, MINUTE, movableClock } from '#core/clock/clock.ts'
import { falDouble, falKeyWithoutAdmin } from '#test/doubles/providers/fal.ts'
import { aConnection, accepted, anInput, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import { providerContract } from '../provider.contract.ts'
import type { Connection, ProviderJob } from '../provider.ts'
import { falDriver, requestPath } from './driver.ts'
import { upload } from './upload.ts'

const seedance = {
  dialect: 'seedance-2',
  ids: {
    text: 'bytedance/seedance-2.0/text-to-video',
    first_frame: 'bytedance/seedance-2.0/image-to-video',
    references: 'bytedance/seedance-2.0/reference-to-video',
  },
}
const signal = new AbortController().signal

providerContract({
  driver: falDriver,
  double: falDouble,
  job: { endpoint: seedance },
  cannot: { invalid: 'its queue takes everything: the run refuses, and the result tells' },
  reconciles: 'none',
  policyAt: 'poll',
})

async function start(changes: Partial<Connection> & { keyIs?: string } = {}) {
  const double = await falDouble()
  onTestFinished(() => double.close())
  return { double, provider: falDriver.open(aConnection(falDriver, double, changes)) }
}

async function run(provider: ReturnType<typeof falDriver.open>, job: ProviderJob) {
  const going = accepted(job, await provider.submit(job, signal))
  for (let polls = 0; polls < 5; polls++) {
    const answer = await provider.poll(going, signal)
    if (answer.state !== 'running') return { going, answer }
  }
  throw new Error('It never ended')
}

const withPicture = async (): Promise<Partial<ProviderJob>> => ({
  endpoint: seedance,
  mode: 'first_frame',
  inputs: [await anInput('first_frame', fixture.picture, 'image/jpeg')],
})

describe('what fal is given', () => {
  test('inputs are stored under random names for an hour, and the model gets their addresses', async () => {
    const { double, provider } = await start()
    const job = await aProviderJob(await withPicture())
    const { answer } = await run(provider, job)
    expect(answer).toEqual({ state: 'succeeded' })
    const [address, file] = [...double.files][0] ?? []
    expect(file).toMatchObject({ name: job.inputs[0]?.name, mediaType: 'image/jpeg' })
    expect(file?.lifecycle).toEqual({ expiration_duration_seconds: 3600 })
    expect(file?.bytes.equals(await readFile(fixture.picture))).toBe(true)
    expect(double.inputs[0]?.input.image_url).toBe(address)
  })

  test('results live as long, no history is kept, and no other model steps in', async () => {
    const { double, provider } = await start()
    await run(provider, await aProviderJob({ endpoint: seedance }))
    expect(double.inputs[0]?.headers).toMatchObject({
      'x-fal-object-lifecycle-preference': '{"expiration_duration_seconds":3600}',
      'x-fal-store-io': '0',
      'x-app-fal-disable-fallback': 'true',
    })
  })

  test('the operator may let fal keep a history and files for longer', async () => {
    const settings = falDriver.settings.parse({ keepSeconds: 86_400, keepHistory: true })
    const { double, provider } = await start({ settings })
    await run(provider, await aProviderJob({ endpoint: seedance }))
    const headers = double.inputs[0]?.headers ?? {}
    expect(headers['x-fal-object-lifecycle-preference']).toBe('{"expiration_duration_seconds":86400}')
    expect(headers['x-fal-store-io']).toBeUndefined()
  })

  test('the callback goes with the job when we can be reached', async () => {
    const { double, provider } = await start()
    const callbackUrl = 'https://studio.example/hooks/fal?a=b&c=d'
    await run(provider, await aProviderJob({ endpoint: seedance, callbackUrl }))
    await run(provider, await aProviderJob({ endpoint: seedance }))
    expect(double.inputs.map(({ hook }) => hook)).toEqual([callbackUrl, null])
  })

  test('a large file goes in parts', async () => {
    const { double } = await start()
    const file = await anInput('video', fixture.clip, 'video/mp4')
    const place = {
      rest: double.addresses.rest ?? '',
      headers: { authorization: `Key ${double.key}` },
      keepSeconds: 600,
      mayUse: () => true,
      now: () => 0,
    }
    const address = await upload(file, place, signal, { whole: 1, part: Math.ceil(file.size / 3) })
    expect(double.files.get(address)?.bytes.equals(await readFile(fixture.clip))).toBe(true)
    expect(double.requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT', 'PUT', 'POST'])
  })

  test('a file is put nowhere but at fal, and then nothing was accepted', async () => {
    const { double, provider } = await start({ ownAddresses: [] })
    const error = await provider.submit(await aProviderJob(await withPicture()), signal).catch((e) => e)
    expect(error).toMatchObject({ errorClass: 'provider_down', accepted: 'no', providerCode: 'upload host' })
    expect([double.files.size, double.taken.length]).toEqual([0, 0])
  })
})

describe('where the driver asks', () => {
  test('it keeps to the address of the operator, whatever host the answer names', async () => {
    const { double, provider } = await start()
    const { going } = await run(provider, await aProviderJob({ endpoint: seedance }))
    expect(going.memo.requests).toBe(`/bytedance/seedance-2.0/requests/${going.providerJob}`)
    expect(double.requests.at(-1)?.path).toBe(`/queue${going.memo.requests}`)
  })

  test.each([
    ['its own path', 'https://queue.fal.run/fal-ai/veo3.1/requests/r-1', '/fal-ai/veo3.1/requests/r-1'],
    ['a namespace', 'https://queue.fal.run/workflows/me/app/requests/r-1', '/workflows/me/app/requests/r-1'],
    [
      'somebody else’s request',
      'https://queue.fal.run/fal-ai/veo3.1/requests/r-2',
      '/fal-ai/veo3.1/requests/r-1',
    ],
    [
      'a path with more to it',
      'https://queue.fal.run/fal-ai/veo3.1/admin/keys/requests/r-1',
      '/fal-ai/veo3.1/requests/r-1',
    ],
    ['nothing', undefined, '/fal-ai/veo3.1/requests/r-1'],
  ])('%s as the place of a request', (_, url, path) => {
    expect(requestPath('fal-ai/veo3.1/fast/image-to-video', 'r-1', url)).toBe(path)
  })
})

describe('how it ends', () => {
  test('settings that the model refuses end the job, and nothing of fal’s prose is kept', async () => {
    const { provider } = await start()
    const { answer } = await run(provider, await aProviderJob({ endpoint: seedance, prompt: '[[invalid]]' }))
    expect(answer).toEqual({ state: 'failed', errorClass: 'invalid_input' })
  })

  test('a model that has no such setting shows it', async () => {
    const { provider } = await start()
    const endpoint = { ...seedance, fixed: { camera_fixed: true } }
    expect((await run(provider, await aProviderJob({ endpoint }))).answer).toMatchObject({
      errorClass: 'invalid_input',
    })
  })

  test('a cancelled job ends', async () => {
    const { provider } = await start()
    const job = await aProviderJob({ endpoint: seedance, prompt: '[[stuck]]' })
    const going = accepted(job, await provider.submit(job, signal))
    expect(await provider.cancel?.(going, signal)).toBe(true)
    expect(await provider.poll(going, signal)).toEqual({ state: 'failed', errorClass: 'timeout' })
  })

  test('it asks less often the longer a job takes, and tells the place in the queue', async () => {
    const clock = movableClock()
    const { provider } = await start({ clock })
    const job = await aProviderJob({ endpoint: seedance, prompt: '[[stuck]]' })
    const going = accepted(job, await provider.submit(job, signal))
    expect(await provider.poll(going, signal)).toEqual({ state: 'running', againAfterMs: 2000, position: 2 })
    clock.advance(MINUTE)
    expect(await provider.poll(going, signal)).toEqual({ state: 'running', againAfterMs: 5000 })
    clock.advance(5 * MINUTE)
    expect(await provider.poll(going, signal)).toEqual({ state: 'running', againAfterMs: 10_000 })
  })
})

describe('forgetting', () => {
  async function ended(changes: Parameters<typeof start>[0], job: Partial<ProviderJob>) {
    const clock = movableClock()
    const { double, provider } = await start({ clock, ...changes })
    const { going } = await run(provider, await aProviderJob(job))
    return { clock, double, forget: () => provider.forget?.(going, signal) }
  }
  const history = falDriver.settings.parse({ keepHistory: true })

  test('deletes a stored request with its video', async () => {
    const { double, forget } = await ended({ settings: history }, { endpoint: seedance })
    expect(await forget()).toBe('deleted')
    expect(double.deleted).toEqual(double.taken)
  })

  test('does not call deleted what still lies there: inputs go by their time alone', async () => {
    const { clock, forget } = await ended({ settings: history }, await withPicture())
    expect(await forget()).toBe('cannot')
    clock.advance(4 * HOUR)
    expect(await forget()).toBe('deleted')
  })

  test('without a history there is nothing to delete, and after its time nothing left', async () => {
    const { clock, forget } = await ended({}, { endpoint: seedance })
    expect(await forget()).toBe('cannot')
    clock.advance(4 * HOUR)
    expect(await forget()).toBe('already_gone')
  })

  test('a key without the admin scope cannot delete a history', async () => {
    const changes = { settings: history, keyIs: falKeyWithoutAdmin }
    const { clock, forget } = await ended(changes, { endpoint: seedance })
    expect(await forget()).toBe('cannot')
    clock.advance(4 * HOUR)
    expect(await forget()).toBe('cannot')
  })
})

describe('webhook keys', () => {
  test('are kept for a day, and asked for once more when none fits', async () => {
    const clock = movableClock()
    const { double, provider } = await start({ clock })
    const knock = (how: 'true' | 'forged') => {
      const request = double.webhook?.('job-1', how, clock.now())
      if (!request) throw new Error('no webhook')
      return provider.verifyWebhook?.(request)
    }
    expect(await knock('true')).toMatchObject({ accepted: true })
    expect(await knock('true')).toEqual({ accepted: true, providerJob: 'job-1', delivery: 'job-1' })
    expect(double.keyReads()).toBe(1)
    for (let times = 0; times < 10; times++) expect(await knock('forged')).toMatchObject({ why: 'forged' })
    expect(double.keyReads(), 'rubbish does not make us ask').toBe(1)
    double.rotateKeys()
    clock.advance(2 * MINUTE)
    expect(await knock('true')).toMatchObject({ accepted: true })
    expect(double.keyReads()).toBe(2)
    clock.advance(DAY + 1)
    expect(await knock('true')).toMatchObject({ accepted: true })
    expect(double.keyReads()).toBe(3)
  })

  test('that cannot be had are no verdict, so that fal knocks again', async () => {
    const { double, provider } = await start()
    const request = double.webhook?.('job-1', 'true', Date.now())
    await double.close()
    if (!request) throw new Error('no webhook')
    await expect(provider.verifyWebhook?.(request)).rejects.toMatchObject({ errorClass: 'provider_down' })
  })
})

describe('the platform', () => {
  test('lists models with their prices, over all pages', async () => {
    const { provider } = await start()
    const offers = (await provider.offers?.(signal)) ?? []
    expect(offers).toContainEqual({
      id: 'bytedance/seedance-2.0/image-to-video',
      title: 'image-to-video',
      price: '0.2 USD per seconds',
    })
    expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length)
    expect(offers.length).toBeGreaterThan(10)
  })

  test('tells the balance to an admin key, and says nothing against another', async () => {
    const { provider } = await start()
    expect(await provider.balance?.(signal)).toEqual({ microUsd: 24_500_000 })
    const other = await start({ keyIs: falKeyWithoutAdmin })
    await other.provider.health(signal)
    await expect(other.provider.balance?.(signal)).rejects.toMatchObject({ errorClass: 'provider_down' })
  })
})
