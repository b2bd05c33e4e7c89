/**
 * What KIE's models take, as its OpenAPI documents say (docs.kie.ai/market), strict: a wrong type, a field the model does not
 * have, or things that exclude each other are refused. Written from the documents and not from the driver.
 */
import { z } from 'zod'

const url = z.url({ protocol: /^https?$/ })
const asset = z.union([url, z.string().regex(/^asset:\/\/\S+$/)])

const klingElement = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().min(1),
    element_input_urls: z.array(url).min(1).max(4),
    element_input_audio_urls: z.array(url).length(1).optional(),
    start_time: z.int().min(0).optional(),
    end_time: z.int().optional(),
  })
  .refine(
    (element) =>
      element.end_time === undefined
        ? element.element_input_urls.length >= 2
        : element.element_input_urls.length === 1 &&
          element.end_time - (element.start_time ?? 0) >= 3000 &&
          element.end_time - (element.start_time ?? 0) <= 8000,
    'kling_elements',
  )

const kling = z
  .strictObject({
    prompt: z.string().min(1).max(2500).optional(),
    image_urls: z.array(url).min(1).max(2).optional(),
    sound: z.boolean(),
    duration: z.string().regex(/^([3-9]|1[0-5])$/),
    aspect_ratio: z.enum(['16:9', '9:16', '1:1']).optional(),
    mode: z.enum(['std', 'pro', '4K']),
    multi_shots: z.boolean(),
    multi_prompt: z
      .array(z.strictObject({ prompt: z.string().min(1).max(500), duration: z.int().min(1).max(12) }))
      .min(1)
      .max(5)
      .optional(),
    kling_elements: z.array(klingElement).min(1).max(3).optional(),
  })
  .superRefine((input, wrong) => {
    const say = (path: string) => wrong.addIssue({ code: 'custom', path: [path] })
    if (!input.multi_shots && !input.prompt) say('prompt')
    if (!input.multi_shots && input.multi_prompt) say('multi_prompt')
    if (!input.image_urls && !input.aspect_ratio) say('aspect_ratio')
    if (!input.multi_shots) return
    if ((input.image_urls?.length ?? 0) > 1) say('image_urls')
    const sum = input.multi_prompt?.reduce((total, shot) => total + shot.duration, 0)
    if (String(sum) !== input.duration) say('multi_prompt')
  })

const seedance15 = z.strictObject({
  prompt: z.string().min(3).max(20_000),
  input_urls: z.array(url).max(2).optional(),
  aspect_ratio: z.enum(['1:1', '4:3', '3:4', '16:9', '9:16', '21:9']),
  resolution: z.enum(['480p', '720p', '1080p']).optional(),
  duration: z.number().min(4).max(12),
  fixed_lens: z.boolean().optional(),
  generate_audio: z.boolean().optional(),
  nsfw_checker: z.boolean().optional(),
})

function seedance2(resolutions: [string, ...string[]], mostSeconds: number) {
  return z
    .strictObject({
      prompt: z.string().min(3).max(20_000),
      first_frame_url: asset.optional(),
      last_frame_url: asset.optional(),
      reference_image_urls: z.array(asset).max(9).optional(),
      reference_video_urls: z.array(asset).max(3).optional(),
      reference_audio_urls: z.array(asset).max(3).optional(),
      generate_audio: z.boolean().optional(),
      resolution: z.enum(resolutions).optional(),
      aspect_ratio: z.enum(['1:1', '4:3', '3:4', '16:9', '9:16', '21:9', 'adaptive']).optional(),
      duration: z.int().min(4).max(mostSeconds),
      web_search: z.boolean().optional(),
      nsfw_checker: z.boolean().optional(),
    })
    .superRefine((input, wrong) => {
      const say = (path: string) => wrong.addIssue({ code: 'custom', path: [path] })
      const { first_frame_url: first, last_frame_url: last } = input
      const pictured = input.reference_image_urls ?? input.reference_video_urls
      if (last && !first) say('first_frame_url')
      if (first && (pictured ?? input.reference_audio_urls)) say('reference_image_urls')
      if (input.reference_audio_urls && !pictured) say('reference_audio_urls')
      if (first && mostSeconds > 15 && input.aspect_ratio !== 'adaptive') say('aspect_ratio')
    })
}

const geminiOmni = z.strictObject({
  prompt: z.string().min(1).max(20_000),
  duration: z.enum(['4', '6', '8', '10']),
  aspect_ratio: z.enum(['16:9', '9:16']).optional(),
  resolution: z.enum(['720p', '1080p', '4k']).optional(),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  image_urls: z.array(url).max(7).optional(),
  video_list: z
    .array(
      z
        .strictObject({ url, start: z.number().min(0), ends: z.number() })
        .refine((clip) => clip.ends > clip.start && clip.ends - clip.start <= 10),
    )
    .max(1)
    .optional(),
  audio_ids: z.array(z.string()).max(3).optional(),
  character_ids: z.array(z.string()).optional(),
})

const small: [string, ...string[]] = ['480p', '720p']

/** The models of the jobs API it knows. Sora 2 was paused in June 2026 and is unknown since. */
export const jobModels: Readonly<Record<string, z.ZodType>> = {
  'kling-3.0/video': kling,
  'bytedance/seedance-1.5-pro': seedance15,
  'bytedance/seedance-2': seedance2(['480p', '720p', '1080p', '4k'], 15),
  'bytedance/seedance-2-fast': seedance2(small, 15),
  'bytedance/seedance-2-mini': seedance2(small, 15),
  'bytedance/seedance-2-5': seedance2(small, 30),
  'gemini-omni-video': geminiOmni,
}

/** The second is what it said of a paused one, before it was removed. */
export const retiredModels: Readonly<Record<string, { code: number; msg: string }>> = {
  'sora-2-pro-text-to-video': {
    code: 422,
    msg: 'The model name you specified is not supported. Please verify your input and use one of the supported models provided by KIE.',
  },
  'sora-2-text-to-video': { code: 500, msg: 'This interface is temporarily paused' },
}

export const createTask = z.strictObject({
  model: z.string(),
  callBackUrl: url.optional(),
  input: z.record(z.string(), z.unknown()),
})

/** docs.kie.ai/veo3-api/generate-veo-3-video */
export const veoGenerate = z
  .strictObject({
    prompt: z.string().min(1),
    model: z.enum(['veo3', 'veo3_fast', 'veo3_lite']).optional(),
    generationType: z.enum(['TEXT_2_VIDEO', 'FIRST_AND_LAST_FRAMES_2_VIDEO', 'REFERENCE_2_VIDEO']).optional(),
    imageUrls: z.array(url).max(3).optional(),
    aspectRatio: z.enum(['16:9', '9:16', 'Auto']).optional(),
    aspect_ratio: z.enum(['16:9', '9:16', 'Auto']).optional(),
    resolution: z.enum(['720p', '1080p', '4k']).optional(),
    duration: z.union([z.literal(4), z.literal(6), z.literal(8)]).optional(),
    enableTranslation: z.boolean().optional(),
    watermark: z.string().optional(),
    callBackUrl: url.optional(),
  })
  .superRefine((body, wrong) => {
    const say = (path: string) => wrong.addIssue({ code: 'custom', path: [path] })
    const pictures = body.imageUrls?.length ?? 0
    if (body.generationType === 'TEXT_2_VIDEO' && pictures > 0) say('imageUrls')
    if (body.generationType === 'FIRST_AND_LAST_FRAMES_2_VIDEO' && (pictures < 1 || pictures > 2))
      say('imageUrls')
    if (body.generationType !== 'REFERENCE_2_VIDEO') return
    if (pictures < 1) say('imageUrls')
    if (body.model === 'veo3') say('model')
    if ((body.duration ?? 8) !== 8) say('duration')
  })

/** docs.kie.ai/veo3-api/extend-video */
export const veoExtend = z.strictObject({
  taskId: z.string(),
  prompt: z.string().min(1),
  model: z.enum(['fast', 'quality', 'lite']).optional(),
  seeds: z.int().min(10_000).max(99_999).optional(),
  watermark: z.string().optional(),
  callBackUrl: url.optional(),
})
