/**
 * Servers of OpenAI's Videos API over their doubles, each style. It pins, beyond the contract: a field sent to a server that
 * does not know it, the key sent to a strange host, a file fetched from there, a "deleted" that left the file on the disk,
 * a status in other words taken for the end.
 */
import { describe, expect, onTestFinished, test } from 'vitest'
import type { z } from 'zod'
import { MINUTE, movableClock } from '#core/clock/clock.ts'
import { openaiVideosDouble, type Peculiarities } from '#test/doubles/providers/openai-videos.ts'
import type { Style } from '#test/doubles/providers/openai-videos-styles.ts'
import { aConnection, accepted, aProviderJob } from '#test/factories/provider-job.ts'
import { type ContractSubject, providerContract } from '../provider.contract.ts'
import type { Connection, Driver } from '../provider.ts'
import { openaiVideosDriver } from './driver.ts'
import { settings } from './settings.ts'

const signal = new AbortController().signal
const endpoints: Record<Style, Record<string, unknown>> = {
  openai: { model: 'sora-2' },
  litellm: { model: 'sora-2' },
  'vllm-omni': { fps: 16, frames: { step: 4, add: 1 }, extra: { num_inference_steps: 40 } },
  sglang: {},
  openrouter: { model: 'google/veo-3.1' },
}
const eight = {
  seconds: 8,
  aspect_ratio: '16:9',
  resolution: '720p',
  audio: true,
  seed: 7,
  mode: 'text',
} as const

/** The driver as a connection of this style has it from the start. */
function styled(style: Style): Driver {
  return {
    ...openaiVideosDriver,
    settings: settings.extend({ style: settings.shape.style.unwrap().default(style) }),
  }
}

const noFilter = 'it has no filter'
const noLimits = 'it limits and bills nothing'
const subjects: Record<Style, Pick<ContractSubject, 'cannot' | 'classes'>> = {
  openai: { cannot: { face: 'it has no word for it' } },
  litellm: { cannot: { face: 'it has no word for it' } },
  'vllm-omni': { cannot: { policy: noFilter, face: noFilter, '429': noLimits, credit: noLimits } },
  sglang: {
    cannot: {
      policy: noFilter,
      face: noFilter,
      '429': noLimits,
      credit: noLimits,
      retired: 'it runs one model and asks for no name',
    },
  },
  openrouter: { cannot: { face: 'it has no word for it', policy: 'its 403 has no code; tested below' } },
}

for (const style of Object.keys(subjects) as Style[])
  describe(`style ${style}`, () => {
    providerContract({
      driver: styled(style),
      double: () => openaiVideosDouble(style),
      job: { endpoint: endpoints[style], settings: eight },
      reconciles: 'none',
      policyAt: 'submit',
      ...subjects[style],
    })
  })

interface Wanted {
  style?: Style
  odd?: Peculiarities
  config?: z.input<typeof settings>
  connection?: Partial<Connection>
}

async function start({ style = 'openai', odd = {}, config = {}, connection = {} }: Wanted = {}) {
  const double = await openaiVideosDouble(style, odd)
  onTestFinished(() => double.close())
  const given = settings.parse({ style, ...config })
  const provider = openaiVideosDriver.open(
    aConnection(openaiVideosDriver, double, { settings: given, ...connection }),
  )
  const job = await aProviderJob({ endpoint: endpoints[style], settings: eight })
  const run = async (prompt = job.prompt) => {
    const going = accepted({ ...job, prompt }, await provider.submit({ ...job, prompt }, signal))
    for (let polls = 0; polls < 5; polls++) {
      const answer = await provider.poll(going, signal)
      if (answer.state !== 'running') return { going, answer }
    }
    throw new Error('It never ended')
  }
  return { double, provider, job, run }
}

describe('a server of one’s own', () => {
  test('is asked without a key when there is none', async () => {
    const key = () => {
      throw new Error('there is none')
    }
    const { double, provider, run } = await start({ style: 'vllm-omni', connection: { hasKey: false, key } })
    expect((await run()).answer).toEqual({ state: 'succeeded' })
    expect(await provider.health(signal)).toEqual({ says: 'Wan-AI/Wan2.2-T2V-A14B-Diffusers' })
    expect(double.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  test('may want a header of its own, with every call', async () => {
    const odd = { wantsHeader: 'x-house' }
    const good = await start({ style: 'vllm-omni', odd, config: { headers: { 'X-House': 'yes' } } })
    const { going } = await good.run()
    await good.provider.fetch(going, signal)
    const bad = await start({ style: 'vllm-omni', odd })
    await expect(bad.provider.health(signal)).rejects.toMatchObject({ errorClass: 'provider_auth' })
  })

  test('may be keyed by a header in place of ours', async () => {
    const { double, provider } = await start({ config: { headers: { Authorization: 'Basic abc' } } })
    await expect(provider.health(signal)).rejects.toMatchObject({ errorClass: 'provider_auth' })
    expect(double.requests[0]?.headers.authorization).toBe('Basic abc')
  })

  test('without an address is down, and nothing was accepted', async () => {
    const { provider, job } = await start({ connection: { addresses: { api: '' } } })
    const error = { errorClass: 'provider_down', accepted: 'no', providerCode: 'no address' }
    await expect(provider.submit(job, signal)).rejects.toMatchObject(error)
    await expect(provider.health(signal)).rejects.toMatchObject(error)
  })

  test.each(['openai', 'litellm', 'openrouter'] as const)(
    'of style %s refuses a wrong key',
    async (style) => {
      const { provider, job } = await start({ style, connection: { key: () => 'wrong' } })
      const error = { errorClass: 'provider_auth', accepted: 'no' }
      await expect(provider.submit(job, signal)).rejects.toMatchObject(error)
      await expect(provider.health(signal)).rejects.toMatchObject(error)
    },
  )
})

describe('where the file comes from', () => {
  test('a server without /content names it in the job, in words of its own', async () => {
    const odd = { onlyUrl: '/v1/files/{id}/video.mp4', words: { running: 'PROCESSING', done: 'succeeded' } }
    const { provider, run, job } = await start({ odd })
    const { going } = await run()
    expect((await provider.fetch(going, signal)).startsWith(job.workDir)).toBe(true)
  })

  test('a strange host is not asked, unless the operator listed it', async () => {
    const strange = await openaiVideosDouble()
    onTestFinished(() => strange.close())
    const { port } = new URL(strange.addresses.api ?? '')
    const onlyUrl = `http://localhost:${port}/v1/files/x/video.mp4`
    const { provider, run } = await start({ odd: { onlyUrl } })
    const { going } = await run()
    await expect(provider.fetch(going, signal)).rejects.toMatchObject({
      errorClass: 'result_expired',
      providerCode: 'url_host',
    })
    expect(strange.requests).toEqual([])
  })

  test('a listed host gets neither the key nor our headers', async () => {
    const other = await openaiVideosDouble()
    onTestFinished(() => other.close())
    const { origin } = new URL(other.addresses.api ?? '')
    const { double, run, job } = await start({ odd: { onlyUrl: `${origin}/v1/files/x/video.mp4` } })
    const { going } = await run()
    const config = settings.parse({ headers: { 'x-house': 'yes' } })
    const ownAddresses = [double.addresses.api ?? '', other.addresses.api ?? '']
    const again = openaiVideosDriver.open(
      aConnection(openaiVideosDriver, double, { settings: config, ownAddresses }),
    )
    await again.fetch({ ...going, workDir: job.workDir }, signal)
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(other.requests[0]?.headers).not.toHaveProperty('x-house')
  })
})

describe('how it goes', () => {
  test('OpenRouter’s charge is told', async () => {
    const { run } = await start({ style: 'openrouter' })
    expect((await run()).answer).toEqual({ state: 'succeeded', charged: { microUsd: 500_000 } })
  })

  test('OpenRouter’s refusal of words is not a bad key', async () => {
    const { provider, job, double } = await start({ style: 'openrouter' })
    const prompt = 'Your input was flagged [[policy]]'
    await expect(provider.submit({ ...job, prompt }, signal)).rejects.toMatchObject({
      errorClass: 'content_policy',
    })
    expect(double.taken).toEqual([])
  })

  test('the callback goes to OpenRouter, which alone takes one', async () => {
    const { double, provider, job } = await start({ style: 'openrouter' })
    await provider.submit({ ...job, callbackUrl: 'https://studio.example/hooks/1' }, signal)
    expect(double.submissions[0]?.fields.callback_url).toBe('https://studio.example/hooks/1')
    const plain = await start()
    await plain.provider.submit({ ...plain.job, callbackUrl: 'https://studio.example/hooks/1' }, signal)
    expect(Object.keys(plain.double.submissions[0]?.fields ?? {}).sort()).toEqual([
      'model',
      'prompt',
      'seconds',
      'size',
    ])
  })

  test('it tells progress where there is any, and asks less often later', async () => {
    const clock = movableClock()
    const odd = { words: { running: 'processing', done: 'success' } }
    const { provider, job } = await start({ odd, connection: { clock } })
    const slow = { ...job, prompt: '[[slow:4]]' }
    const going = accepted(slow, await provider.submit(slow, signal))
    expect(await provider.poll(going, signal)).toEqual({
      state: 'running',
      againAfterMs: 2000,
      progress: 0.1,
    })
    clock.advance(MINUTE)
    expect(await provider.poll(going, signal)).toEqual({
      state: 'running',
      againAfterMs: 5000,
      progress: 0.2,
    })
  })
})

describe('forgetting', () => {
  test('deletes the job and its file', async () => {
    const { double, provider, run } = await start({ style: 'vllm-omni' })
    const { going } = await run()
    expect(await provider.forget?.(going, signal)).toBe('deleted')
    expect(await provider.forget?.(going, signal)).toBe('already_gone')
    expect(double.deleted).toEqual(double.taken)
  })

  test('SGLang strikes the job from its list and keeps the file', async () => {
    const { double, provider, run } = await start({ style: 'sglang' })
    const { going } = await run()
    expect(await provider.forget?.(going, signal)).toBe('cannot')
    expect(double.deleted).toEqual(double.taken)
  })

  test('OpenRouter has no way', async () => {
    expect((await start({ style: 'openrouter' })).provider.forget).toBeUndefined()
  })
})

test('webhooks without a secret are not believed', async () => {
  const { double, provider } = await start({ connection: { webhookSecret: undefined } })
  const request = double.webhook?.('video_1', 'true', Date.now())
  expect(request && (await provider.verifyWebhook?.(request))).toEqual({ accepted: false, why: 'unsigned' })
})

test('what is listed, with OpenRouter’s prices', async () => {
  const openRouter = await start({ style: 'openrouter' })
  expect(await openRouter.provider.offers?.(signal)).toEqual([
    {
      id: 'google/veo-3.1',
      title: 'Google: Veo 3.1',
      price: 'per-video-second 0.50, per-video-second-1080p 0.75',
    },
  ])
  const sglang = await start({ style: 'sglang' })
  expect(await sglang.provider.offers?.(signal)).toEqual([{ id: 'Wan-AI/Wan2.1-T2V-1.3B-Diffusers' }])
})
