/**
 * Pins: a duration of the wrong type (Kling's is a string, Seedance's a number); a field sent that the mode does not have;
 * frames mixed with references; a wish dropped in silence. Each body is compared whole and has to pass the double's schema.
 */
import { describe, expect, test } from 'vitest'
import { jobModels, veoExtend, veoGenerate } from '#test/doubles/providers/kie-models.ts'
import { aProviderJob } from '#test/factories/provider-job.ts'
import type { InputFile, ProviderJob } from '../provider.ts'
import { kieEndpoint } from './endpoint.ts'
import { filesToUpload, requestOf } from './request.ts'

const urlOf = (file: InputFile) => `https://tempfile.redpandaai.co/${file.name}`
const base = { aspect_ratio: '16:9', resolution: '720p', audio: true, seed: 5_000_000_007 } as const

function file(role: InputFile['role'], name: string, changes: Partial<InputFile> = {}): InputFile {
  const kind = role === 'audio' ? 'sound' : role === 'video' || role === 'extend' ? 'clip' : 'picture'
  return {
    role,
    kind,
    name,
    path: `/nowhere/${name}`,
    mediaType: 'image/jpeg',
    size: 1,
    seconds: 12,
    ...changes,
  }
}

const first = file('first_frame', 'first.jpg')
const last = file('last_frame', 'last.jpg')
const one = file('image', 'one.jpg')
const two = file('image', 'two.jpg')
const clip = file('video', 'clip.mp4')
const sound = file('audio', 'sound.wav')

type Wanted = Omit<Partial<ProviderJob>, 'settings'> & { settings?: Partial<ProviderJob['settings']> }

async function written(endpoint: Record<string, unknown>, wanted: Wanted) {
  const parsed = kieEndpoint.parse(endpoint)
  const mode = wanted.mode ?? 'text'
  const settings = { ...base, seconds: 8, ...wanted.settings, mode }
  const job = await aProviderJob({ prompt: 'A quay.', ...wanted, endpoint, mode, settings })
  filesToUpload(parsed, job)
  return requestOf(parsed, job, urlOf, undefined)
}

const at = (name: string) => `https://tempfile.redpandaai.co/${name}`

const jobs: [string, string, string, Wanted, Record<string, unknown>][] = [
  [
    'Kling from text',
    'kling-3.0/video',
    'kling-3',
    {},
    { prompt: 'A quay.', multi_shots: false, sound: true, duration: '8', aspect_ratio: '16:9', mode: 'std' },
  ],
  [
    'Kling from two frames, in 4K, in the shape of the picture',
    'kling-3.0/video',
    'kling-3',
    {
      mode: 'first_last_frame',
      inputs: [last, first],
      settings: { resolution: '4k', aspect_ratio: 'auto', audio: false },
    },
    {
      prompt: 'A quay.',
      multi_shots: false,
      image_urls: [at('first.jpg'), at('last.jpg')],
      sound: false,
      duration: '8',
      mode: '4K',
    },
  ],
  [
    'Kling in shots from a first frame',
    'kling-3.0/video',
    'kling-3',
    {
      mode: 'first_frame',
      inputs: [first],
      shots: [
        { prompt: 'Fog.', seconds: 3 },
        { prompt: 'Sun.', seconds: 5 },
      ],
    },
    {
      multi_prompt: [
        { prompt: 'Fog.', duration: 3 },
        { prompt: 'Sun.', duration: 5 },
      ],
      multi_shots: true,
      image_urls: [at('first.jpg')],
      sound: true,
      duration: '8',
      aspect_ratio: '16:9',
      mode: 'std',
    },
  ],
  [
    'Kling with a subject in pictures that has a voice, and a clip',
    'kling-3.0/video',
    'kling-3',
    { mode: 'references', inputs: [one, clip, two, sound], settings: { resolution: '1080p' } },
    {
      prompt: 'A quay.',
      multi_shots: false,
      kling_elements: [
        {
          name: 'Image1',
          description: 'Image1',
          element_input_urls: [at('one.jpg'), at('two.jpg')],
          element_input_audio_urls: [at('sound.wav')],
        },
        {
          name: 'Video1',
          description: 'Video1',
          element_input_urls: [at('clip.mp4')],
          start_time: 0,
          end_time: 8000,
        },
      ],
      sound: true,
      duration: '8',
      aspect_ratio: '16:9',
      mode: 'pro',
    },
  ],
  [
    'Seedance 1.5 from a frame',
    'bytedance/seedance-1.5-pro',
    'seedance-1.5',
    { mode: 'first_frame', inputs: [first] },
    {
      prompt: 'A quay.',
      input_urls: [at('first.jpg')],
      aspect_ratio: '16:9',
      resolution: '720p',
      duration: 8,
      generate_audio: true,
    },
  ],
  [
    'Seedance 2 from text',
    'bytedance/seedance-2-mini',
    'seedance-2',
    { settings: { audio: false, aspect_ratio: '21:9' } },
    { prompt: 'A quay.', generate_audio: false, resolution: '720p', aspect_ratio: '21:9', duration: 8 },
  ],
  [
    'Seedance 2.5 from two frames, in their shape',
    'bytedance/seedance-2-5',
    'seedance-2',
    { mode: 'first_last_frame', inputs: [first, last], settings: { seconds: 30 } },
    {
      prompt: 'A quay.',
      first_frame_url: at('first.jpg'),
      last_frame_url: at('last.jpg'),
      generate_audio: true,
      resolution: '720p',
      aspect_ratio: 'adaptive',
      duration: 30,
    },
  ],
  [
    'Seedance 2 with references of every kind, in the order given',
    'bytedance/seedance-2',
    'seedance-2',
    { mode: 'references', inputs: [two, sound, one, clip] },
    {
      prompt: 'A quay.',
      reference_image_urls: [at('two.jpg'), at('one.jpg')],
      reference_video_urls: [at('clip.mp4')],
      reference_audio_urls: [at('sound.wav')],
      generate_audio: true,
      resolution: '720p',
      aspect_ratio: '16:9',
      duration: 8,
    },
  ],
  [
    'Gemini Omni with pictures and a window of a clip',
    'gemini-omni-video',
    'gemini-omni',
    { mode: 'references', inputs: [one, clip] },
    {
      prompt: 'A quay.',
      image_urls: [at('one.jpg')],
      video_list: [{ url: at('clip.mp4'), start: 0, ends: 10 }],
      duration: '8',
      aspect_ratio: '16:9',
      resolution: '720p',
      seed: 705_032_711,
    },
  ],
]

describe('the jobs API is asked for', () => {
  test.each(jobs)('%s', async (_, model, input, wanted, body) => {
    const request = await written({ family: 'jobs', model, input }, wanted)
    expect(request).toEqual({ path: '/api/v1/jobs/createTask', body: { model, input: body } })
    expect(jobModels[model]?.safeParse(request.body.input).error).toBeUndefined()
  })
})

const veo = { family: 'veo', model: 'veo3_fast', input: 'veo', extend: 'fast' }
const veoBase = {
  prompt: 'A quay.',
  model: 'veo3_fast',
  aspectRatio: '16:9',
  aspect_ratio: '16:9',
  resolution: '720p',
  duration: 8,
  enableTranslation: true,
}

describe('Veo is asked for', () => {
  test.each<[string, Wanted, Record<string, unknown>]>([
    ['a video from text', {}, { ...veoBase, generationType: 'TEXT_2_VIDEO' }],
    [
      'a video between frames, in their shape',
      {
        mode: 'first_last_frame',
        inputs: [first, last],
        settings: { aspect_ratio: 'auto', resolution: '4k' },
      },
      {
        ...veoBase,
        aspectRatio: 'Auto',
        aspect_ratio: 'Auto',
        resolution: '4k',
        generationType: 'FIRST_AND_LAST_FRAMES_2_VIDEO',
        imageUrls: [at('first.jpg'), at('last.jpg')],
      },
    ],
    [
      'a video with pictures',
      { mode: 'references', inputs: [one, two] },
      { ...veoBase, generationType: 'REFERENCE_2_VIDEO', imageUrls: [at('one.jpg'), at('two.jpg')] },
    ],
  ])('%s', async (_, wanted, body) => {
    const request = await written(veo, wanted)
    expect(request).toEqual({ path: '/api/v1/veo/generate', body })
    expect(veoGenerate.safeParse(request.body).error).toBeUndefined()
  })

  test('more of a video of its own', async () => {
    const source = file('extend', 'clip.mp4', { providerJob: 'veo_task_1' })
    const request = await written(veo, { mode: 'extend', inputs: [source] })
    expect(request).toEqual({
      path: '/api/v1/veo/extend',
      body: { taskId: 'veo_task_1', prompt: 'A quay.', model: 'fast', seeds: 60_007 },
    })
    expect(veoExtend.safeParse(request.body).error).toBeUndefined()
  })
})

describe('refused before anything is sent is', () => {
  const seedance = { family: 'jobs', model: 'bytedance/seedance-2', input: 'seedance-2' }
  const kling = { family: 'jobs', model: 'kling-3.0/video', input: 'kling-3' }
  const omni = { family: 'jobs', model: 'gemini-omni-video', input: 'gemini-omni' }
  test.each<[string, Record<string, unknown>, Wanted]>([
    ['a size that Kling has no word for', kling, { settings: { resolution: '480p' } }],
    ['a last frame with shots', kling, { mode: 'first_last_frame', inputs: [first, last], shots: [] }],
    ['a voice with nobody to have it', kling, { mode: 'references', inputs: [sound] }],
    ['a shape taken from no picture', kling, { settings: { aspect_ratio: 'auto' } }],
    ['shots where there are none', seedance, { shots: [{ prompt: 'Fog.', seconds: 8 }] }],
    ['what shall not be seen', seedance, { negativePrompt: 'fog' }],
    ['frames among references', seedance, { mode: 'references', inputs: [one, first] }],
    ['a first frame that is missing', seedance, { mode: 'first_frame' }],
    ['a picture in a job from text', seedance, { inputs: [one] }],
    ['a sound for Gemini Omni', omni, { mode: 'references', inputs: [one, sound] }],
    ['a square Veo', veo, { settings: { aspect_ratio: '1:1' } }],
    ['an extension of a file', veo, { mode: 'extend', inputs: [file('extend', 'clip.mp4')] }],
  ])('%s', async (_, endpoint, wanted) => {
    await expect(written(endpoint, wanted)).rejects.toMatchObject({
      errorClass: 'invalid_input',
      accepted: 'no',
    })
  })
})
