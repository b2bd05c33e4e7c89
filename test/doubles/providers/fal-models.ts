/**
 * What fal's video endpoints accept, written down from their pages (fal.ai/models/<id>/llms.txt) and answered as fal does:
 * a list of what is wrong. Stricter than fal in one thing: a field the endpoint does not have is refused, not ignored.
 */
import { z } from 'zod'

const url = z.string().regex(/^https?:\/\//)
const urls = (most: number) => z.array(url).min(1).max(most)
const prompt = z.string().min(1).max(20_000)
const between = (least: number, most: number) =>
  Array.from({ length: most - least + 1 }, (_, index) => least + index)
const texts = (least: number, most: number) =>
  z.enum(between(least, most).map(String) as [string, ...string[]])
const numbers = (values: readonly number[]) => z.literal(values as [number, ...number[]])
const seed = z.int().min(-1).max(4_294_967_295)

const wide = z.enum(['16:9', '9:16'])
const wideOrAuto = z.enum(['auto', '16:9', '9:16'])
const square = z.enum(['16:9', '9:16', '1:1'])
const seedanceAspect = z.enum(['21:9', '16:9', '4:3', '1:1', '3:4', '9:16', 'auto'])

const veo = {
  prompt,
  auto_fix: z.boolean().optional(),
  duration: z.enum(['4s', '6s', '8s']).optional(),
  generate_audio: z.boolean().optional(),
  resolution: z.enum(['720p', '1080p', '4k']).optional(),
  safety_tolerance: z.enum(['1', '2', '3', '4', '5', '6']).optional(),
}
const veoChoice = { negative_prompt: z.string().optional(), seed: seed.optional() }

const shots = z.array(z.strictObject({ prompt, duration: texts(1, 15).optional() })).min(1)
const kling = {
  prompt: prompt.optional(),
  multi_prompt: shots.optional(),
  shot_type: z.enum(['customize', 'intelligent']).optional(),
  duration: texts(3, 15).optional(),
  generate_audio: z.boolean().optional(),
}
const kling3 = {
  ...kling,
  negative_prompt: z.string().optional(),
  cfg_scale: z.number().min(0).max(1).optional(),
}
const promptOrShots = (input: { prompt?: string; multi_prompt?: unknown }) =>
  (input.prompt === undefined) !== (input.multi_prompt === undefined)
const either = 'Either prompt or multi_prompt must be provided, but not both.'

const seedance15 = {
  prompt,
  aspect_ratio: seedanceAspect.optional(),
  camera_fixed: z.boolean().optional(),
  duration: texts(4, 12).optional(),
  enable_safety_checker: z.boolean().optional(),
  generate_audio: z.boolean().optional(),
  resolution: z.enum(['480p', '720p', '1080p']).optional(),
  seed: seed.optional(),
}
const seedance2 = {
  prompt,
  aspect_ratio: seedanceAspect.optional(),
  duration: z.enum(['auto', ...between(4, 15).map(String)] as [string, ...string[]]).optional(),
  generate_audio: z.boolean().optional(),
  resolution: z.enum(['480p', '720p', '1080p']).optional(),
  seed: seed.optional(),
  end_user_id: z.string().optional(),
}

const wan = {
  prompt: z.string().min(1).max(5000),
  negative_prompt: z.string().max(500).optional(),
  resolution: z.enum(['720p', '1080p']).optional(),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  enable_safety_checker: z.boolean().optional(),
}
const wanAspect = z.enum(['16:9', '9:16', '1:1', '4:3', '3:4']).optional()
const wanMade = {
  ...wan,
  duration: numbers(between(2, 15)).optional(),
  enable_prompt_expansion: z.boolean().optional(),
  audio_url: url.optional(),
}

const ltx = {
  prompt,
  duration: numbers([6, 8, 10]).optional(),
  fps: numbers([24, 25, 48, 50]).optional(),
  generate_audio: z.boolean().optional(),
  resolution: z.enum(['1080p', '1440p', '2160p']).optional(),
}
const sora = {
  prompt,
  duration: numbers([4, 8, 12, 16, 20]).optional(),
  delete_video: z.boolean().optional(),
}

const klingText = z.strictObject({ ...kling3, aspect_ratio: square.optional() }).refine(promptOrShots, either)
const klingImage = z
  .strictObject({ ...kling3, start_image_url: url, end_image_url: url.optional() })
  .refine(promptOrShots, either)
const klingElement = z.strictObject({
  frontal_image_url: url.optional(),
  reference_image_urls: urls(3).optional(),
  video_url: url.optional(),
})

export const falModels: Readonly<Record<string, z.ZodType>> = {
  'fal-ai/veo3.1': z.strictObject({ ...veo, ...veoChoice, aspect_ratio: wide.optional() }),
  'fal-ai/veo3.1/image-to-video': z.strictObject({
    ...veo,
    ...veoChoice,
    aspect_ratio: wideOrAuto.optional(),
    image_url: url,
  }),
  'fal-ai/veo3.1/first-last-frame-to-video': z.strictObject({
    ...veo,
    ...veoChoice,
    aspect_ratio: wideOrAuto.optional(),
    first_frame_url: url,
    last_frame_url: url,
  }),
  'fal-ai/veo3.1/reference-to-video': z.strictObject({
    ...veo,
    aspect_ratio: wide.optional(),
    image_urls: urls(3),
  }),
  'fal-ai/veo3.1/extend-video': z.strictObject({
    ...veo,
    ...veoChoice,
    duration: z.enum(['7s']).optional(),
    aspect_ratio: wideOrAuto.optional(),
    video_url: url,
  }),
  'fal-ai/kling-video/v3/pro/text-to-video': klingText,
  'fal-ai/kling-video/v3/pro/image-to-video': klingImage,
  'fal-ai/kling-video/o3/pro/text-to-video': z
    .strictObject({ ...kling, aspect_ratio: square.optional() })
    .refine(promptOrShots, either),
  'fal-ai/kling-video/o3/pro/image-to-video': z
    .strictObject({ ...kling, image_url: url, end_image_url: url.optional() })
    .refine(promptOrShots, either),
  'fal-ai/kling-video/o3/pro/reference-to-video': z
    .strictObject({
      ...kling,
      aspect_ratio: square.optional(),
      image_urls: urls(4).optional(),
      elements: z.array(klingElement).max(4).optional(),
    })
    .refine(promptOrShots, either),
  'fal-ai/bytedance/seedance/v1.5/pro/text-to-video': z.strictObject(seedance15),
  'fal-ai/bytedance/seedance/v1.5/pro/image-to-video': z.strictObject({
    ...seedance15,
    image_url: url,
    end_image_url: url.optional(),
  }),
  'bytedance/seedance-2.0/text-to-video': z.strictObject(seedance2),
  'bytedance/seedance-2.0/image-to-video': z.strictObject({
    ...seedance2,
    image_url: url,
    end_image_url: url.optional(),
  }),
  'bytedance/seedance-2.0/reference-to-video': z
    .strictObject({
      ...seedance2,
      image_urls: urls(9).optional(),
      video_urls: urls(3).optional(),
      audio_urls: urls(3).optional(),
    })
    .refine(
      (input) => !input.audio_urls || input.image_urls || input.video_urls,
      'If audio is provided, at least one reference image or video is required.',
    ),
  'fal-ai/wan/v2.7/text-to-video': z.strictObject({ ...wanMade, aspect_ratio: wanAspect }),
  'fal-ai/wan/v2.7/image-to-video': z
    .strictObject({
      ...wanMade,
      image_url: url.optional(),
      end_image_url: url.optional(),
      video_url: url.optional(),
    })
    .refine((input) => !input.video_url || !input.image_url, 'video_url cannot be combined with image_url'),
  'fal-ai/wan/v2.7/reference-to-video': z.strictObject({
    ...wan,
    aspect_ratio: wanAspect,
    duration: numbers(between(2, 10)).optional(),
    multi_shots: z.boolean().optional(),
    reference_image_urls: urls(5).optional(),
    reference_video_urls: urls(5).optional(),
  }),
  'fal-ai/ltx-2.3/text-to-video': z.strictObject({ ...ltx, aspect_ratio: wide.optional() }),
  'fal-ai/ltx-2.3/image-to-video': z.strictObject({
    ...ltx,
    aspect_ratio: wideOrAuto.optional(),
    image_url: url,
    end_image_url: url.optional(),
  }),
  'fal-ai/ltx-2.3/extend-video': z.strictObject({
    prompt: prompt.optional(),
    video_url: url,
    duration: z.number().max(20).optional(),
    context: z.number().min(1).max(20).optional(),
    mode: z.enum(['start', 'end']).optional(),
  }),
  'fal-ai/sora-2/text-to-video': z.strictObject({
    ...sora,
    aspect_ratio: wide.optional(),
    resolution: z.enum(['720p']).optional(),
  }),
  'fal-ai/sora-2/image-to-video': z.strictObject({
    ...sora,
    aspect_ratio: wideOrAuto.optional(),
    resolution: z.enum(['auto', '720p']).optional(),
    image_url: url,
  }),
}

/** The `detail` of fal's 422; undefined when the input is right. */
export function faultsIn(model: z.ZodType, input: unknown): { detail: object[] } | undefined {
  const read = model.safeParse(input)
  if (read.success) return undefined
  const detail = read.error.issues.map((issue) => {
    const type = issue.code === 'unrecognized_keys' ? 'extra_forbidden' : 'one_of'
    return {
      loc: ['body', ...issue.path],
      msg: issue.message,
      type,
      url: `https://docs.fal.ai/errors/#${type}`,
      input,
    }
  })
  return { detail }
}
