/**
 * Jobs in the words of each server. It pins: seconds as a number where a text is wanted or the reverse, an odd number of
 * frames for Wan, a seed or a negative prompt sent to a server that knows none, a person's file name, two ways of giving
 * one picture at once.
 */
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { partsOf, type Recorded } from '#test/doubles/providers/harness.ts'
import { read, type Style } from '#test/doubles/providers/openai-videos-styles.ts'
import { anInput, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import type { ProviderJob } from '../provider.ts'
import { type Body, bodyOf } from './request.ts'
import { endpoint, settings } from './settings.ts'
import { framesOf, pixelsOf } from './size.ts'

type Case = Omit<Partial<ProviderJob>, 'settings'> & { settings?: Partial<ProviderJob['settings']> }

async function asked(style: Style, wanted: Case = {}, config: z.input<typeof settings> = {}) {
  const { settings: changes, ...rest } = wanted
  const job = await aProviderJob({ prompt: 'A lamp.', negativePrompt: 'rain', ...rest })
  const whole = { ...job, settings: { ...job.settings, ...changes, mode: job.mode } }
  const body = await bodyOf(whole, settings.parse({ style, ...config }))
  const request = await recorded(body)
  const taken = await read(style, request)
  if (!('fields' in taken)) throw new Error(`The double refuses it: ${JSON.stringify(taken)}`)
  return { fields: taken.fields, form: 'form' in body, request }
}

/** The body as it goes over the wire. */
async function recorded(body: Body): Promise<Recorded> {
  const sent = 'json' in body ? Response.json(body.json) : new Response(body.form)
  const raw = Buffer.from(await sent.arrayBuffer())
  const headers = { 'content-type': sent.headers.get('content-type') ?? '' }
  return { method: 'POST', path: '/v1/videos', headers, raw, json: 'json' in body ? body.json : undefined }
}

const picture = () => anInput('first_frame', fixture.picture, 'image/jpeg')
const wan = { fps: 16, frames: { step: 4, add: 1 }, sizes: { '480p': { '16:9': '832x480' } } }

describe('text', () => {
  test('OpenAI and LiteLLM get a form of texts and nothing else', async () => {
    const wanted = { endpoint: { model: 'sora-2' }, settings: { seconds: 8 } }
    const expected = { prompt: 'A lamp.', model: 'sora-2', seconds: '8', size: '1280x720' }
    expect(await asked('openai', wanted)).toMatchObject({ form: true, fields: expected })
    const litellm = await asked('litellm', {
      ...wanted,
      endpoint: { model: 'sora-2', extra: { custom_llm_provider: 'openai' } },
    })
    expect(litellm.fields).toEqual({ ...expected, custom_llm_provider: 'openai' })
  })

  test('vLLM-Omni gets width, height and what a model of one’s own takes', async () => {
    const endpoint = { ...wan, extra: { num_inference_steps: 40 } }
    const { fields, form } = await asked('vllm-omni', { endpoint, settings: { resolution: '480p' } })
    expect(form).toBe(true)
    expect(fields).toEqual({
      prompt: 'A lamp.',
      seconds: '5',
      fps: '16',
      width: '832',
      height: '480',
      seed: '7',
      negative_prompt: 'rain',
      generate_sound: 'true',
      num_inference_steps: '40',
    })
  })

  test('lengths in frames are lengths the model can make', async () => {
    const config = { durationField: 'num_frames' } as const
    const { fields } = await asked('vllm-omni', { endpoint: wan, settings: { audio: false } }, config)
    expect(fields).toMatchObject({ num_frames: '81', fps: '16' })
    expect(fields).not.toHaveProperty('seconds')
    expect(fields).not.toHaveProperty('generate_sound')
  })

  test('SGLang gets JSON with numbers', async () => {
    expect(await asked('sglang', { endpoint: { fps: 16 } })).toMatchObject({
      form: false,
      fields: { prompt: 'A lamp.', seconds: 5, fps: 16, size: '1280x720', seed: 7, negative_prompt: 'rain' },
    })
  })

  test('OpenRouter gets JSON, a whole number of seconds, resolution and shape', async () => {
    const wanted = { endpoint: { model: 'google/veo-3.1' }, settings: { seconds: 8 } }
    const { fields, form } = await asked('openrouter', wanted)
    expect(form).toBe(false)
    expect(fields).toEqual({
      model: 'google/veo-3.1',
      prompt: 'A lamp.',
      duration: 8,
      resolution: '720p',
      aspect_ratio: '16:9',
      seed: 7,
      generate_audio: true,
    })
  })

  test('OpenRouter has a name of its own for 4K, and no seed where its model takes none', async () => {
    const large = {
      endpoint: { model: 'google/veo-3.1' },
      settings: { seconds: 8, resolution: '4k' } as const,
    }
    expect((await asked('openrouter', large)).fields).toMatchObject({ resolution: '4K' })
    const { fields } = await asked('openrouter', {
      endpoint: { model: 'kwaivgi/kling-v3.0-std', seed: false },
    })
    expect(fields).not.toHaveProperty('seed')
  })

  test('the operator may have the size asked for in another way', async () => {
    const wanted = { endpoint: { model: 'google/veo-3.1' }, settings: { seconds: 8 } }
    const { fields } = await asked('openrouter', wanted, { sizeMode: 'size' })
    expect(fields).toMatchObject({ size: '1280x720' })
    expect(fields).not.toHaveProperty('resolution')
    const vllm = await asked('vllm-omni', { endpoint: wan }, { sizeMode: 'size' })
    expect(vllm.fields).toMatchObject({ size: '1280x720' })
    expect(vllm.fields).not.toHaveProperty('width')
  })
})

describe('files', () => {
  test.each(['openai', 'litellm', 'vllm-omni', 'sglang'] as const)(
    '%s gets the first picture as a part',
    async (style) => {
      const file = await picture()
      const wanted: Case = {
        mode: 'first_frame',
        inputs: [file],
        settings: { seconds: 8, aspect_ratio: '16:9' },
      }
      const { fields, form, request } = await asked(style, wanted)
      expect(form).toBe(true)
      expect(fields.input_reference).toEqual({ file: file.name, type: 'image/jpeg', size: file.size })
      expect([...(await partsOf(request)).keys()].filter((name) => name === 'input_reference')).toHaveLength(
        1,
      )
      if (style === 'sglang')
        expect(JSON.parse(String(fields.extra_body))).toEqual({ seed: 7, negative_prompt: 'rain' })
    },
  )

  test('vLLM-Omni goes on from a clip, and takes a face with a voice', async () => {
    const clip = await anInput('extend', fixture.clip, 'video/mp4')
    const extended = await asked('vllm-omni', { mode: 'extend', inputs: [clip], endpoint: wan })
    expect(extended.fields.input_reference).toMatchObject({ file: clip.name, type: 'video/mp4' })
    const inputs = [
      await anInput('image', fixture.picture, 'image/jpeg'),
      await anInput('audio', fixture.sound, 'audio/wav'),
    ]
    const { fields } = await asked('vllm-omni', { mode: 'references', inputs, endpoint: wan })
    expect(fields.image_reference).toMatch(/^\{"image_url":"data:image\/jpeg;base64,/)
    expect(fields.audio_reference).toMatch(/^\{"audio_url":"data:audio\/wav;base64,/)
    expect(fields).not.toHaveProperty('input_reference')
  })

  test('OpenRouter gets frames and references apart', async () => {
    const last = await anInput('last_frame', fixture.picture, 'image/jpeg')
    const model = { endpoint: { model: 'bytedance/seedance-2.0' } }
    const frames = await asked('openrouter', {
      ...model,
      mode: 'first_last_frame',
      inputs: [await picture(), last],
    })
    expect(frames.fields.frame_images).toMatchObject([
      { frame_type: 'first_frame' },
      { frame_type: 'last_frame' },
    ])
    const inputs = [
      await anInput('image', fixture.picture, 'image/jpeg'),
      await anInput('video', fixture.clip, 'video/mp4'),
    ]
    const { fields } = await asked('openrouter', { ...model, mode: 'references', inputs })
    expect(fields.input_references).toMatchObject([{ type: 'image_url' }, { type: 'video_url' }])
    expect(fields).not.toHaveProperty('frame_images')
  })
})

test.each<[string, Style, () => Promise<Case>]>([
  ['a last picture at OpenAI', 'openai', async () => ({ mode: 'first_last_frame' })],
  ['a clip at OpenRouter', 'openrouter', async () => ({ mode: 'extend' })],
  ['a missing picture', 'openai', async () => ({ mode: 'first_frame' })],
  ['a picture without a place', 'openai', async () => ({ inputs: [await picture()] })],
  [
    'two pictures at vLLM-Omni',
    'vllm-omni',
    async () => {
      const image = await anInput('image', fixture.picture, 'image/jpeg')
      return { mode: 'references', inputs: [image, image] }
    },
  ],
  [
    'files too large for a body',
    'openrouter',
    async () => ({
      mode: 'first_frame',
      inputs: [{ ...(await picture()), size: 64 * 1024 ** 2 }],
    }),
  ],
  ['a record of another driver', 'openai', async () => ({ endpoint: { dialect: 'veo' } })],
])('%s is refused before anything is sent', async (_, style, wanted) => {
  await expect(asked(style, await wanted())).rejects.toMatchObject({
    errorClass: 'invalid_input',
    accepted: 'no',
  })
})

test.each([
  ['16:9', '720p', { width: 1280, height: 720 }],
  ['9:16', '1080p', { width: 1080, height: 1920 }],
  ['1:1', '480p', { width: 480, height: 480 }],
  ['21:9', '720p', { width: 1680, height: 720 }],
  ['4:3', '360p', { width: 480, height: 360 }],
  ['auto', '720p', undefined],
] as const)('%s in %s', (aspect_ratio, resolution, size) => {
  expect(pixelsOf({ aspect_ratio, resolution }, { sizes: {} })).toEqual(size)
})

test.each([
  [5, 16, { step: 4, add: 1 }, 81],
  [5, 24, { step: 8, add: 1 }, 121],
  [4, 24, { step: 1, add: 0 }, 96],
])('%i s at %i fps in steps of %o', (seconds, fps, frames, expected) => {
  expect(framesOf(seconds, fps, frames)).toBe(expected)
})

test('headers that frame a message, and hosts that are none, are no settings', () => {
  expect(settings.safeParse({ headers: { 'Content-Length': '3' } }).success).toBe(false)
  expect(settings.safeParse({ headers: { 'x-a': 'b\r\nhost: c' } }).success).toBe(false)
  expect(settings.safeParse({ resultHosts: ['*'] }).success).toBe(false)
  expect(endpoint.safeParse({ sizes: { '480p': { '16:9': 'wide' } } }).success).toBe(false)
})
