/**
 * What each server behind OpenAI's Videos API accepts and says, after its own documentation and source: OpenAI (as it was,
 * `openai` 6.49), LiteLLM, vLLM-Omni ("Videos API"), SGLang (`entrypoints/openai/`), OpenRouter ("Video generation").
 */
import { z } from 'zod'
import { htmlPage, partsOf, type Recorded, type Reply } from './harness.ts'

export type Style = 'openai' | 'vllm-omni' | 'sglang' | 'openrouter' | 'litellm'

export interface Taken {
  prompt: string
  /** What was asked for, with the names of files in their places. */
  fields: Record<string, unknown>
}

/** Reads a submission as the server would: what was taken, or its refusal. */
export async function read(style: Style, request: Recorded): Promise<Taken | Reply> {
  const isForm = /^multipart\/form-data/.test(request.headers['content-type'] ?? '')
  const fields = isForm ? textsAndFiles(await partsOf(request)) : { ...(request.json as object) }
  if (style === 'sglang') return sglang(fields, isForm)
  if (style === 'openrouter') return openRouter(fields, isForm)
  if (!isForm) return fault(style, 400, 'Send a form.', 'invalid_request_error', null)
  return style === 'vllm-omni' ? vllm(fields) : openAi(style, fields)
}

function textsAndFiles(form: FormData): Record<string, unknown> {
  return Object.fromEntries(
    [...form].map(([name, value]) => [
      name,
      typeof value === 'string' ? value : { file: value.name, type: value.type, size: value.size },
    ]),
  )
}

/** An error as this server writes it. */
export function fault(
  style: Style,
  status: number,
  message: string,
  type: string,
  code: string | null,
  param: string | null = null,
): Reply {
  if (style === 'openrouter') return { status, json: { error: { code: status, message } } }
  if (style === 'sglang') return { status, json: { detail: message } }
  if (style === 'vllm-omni') return { status, json: { error: { message, type, param, code: status } } }
  return { status, json: { error: { message, type, param, code } } }
}

const file = z.object({ file: z.string(), type: z.string(), size: z.number().min(1) })
const picture = file.extend({ type: z.enum(['image/jpeg', 'image/png', 'image/webp']) })
const dataUrl = z.string().regex(/^data:(image|video|audio)\/[\w.+-]+;base64,[A-Za-z0-9+/]+=*$/)
const whole = z.string().regex(/^\d+$/)

const openAiShape = z.strictObject({
  prompt: z.string().min(1),
  model: z.enum(['sora-2', 'sora-2-pro']).optional(),
  seconds: z.enum(['4', '8', '12', '16', '20']).optional(),
  size: z.enum(['720x1280', '1280x720', '1024x1792', '1792x1024', '1080x1920', '1920x1080']).optional(),
  input_reference: picture.optional(),
})

function openAi(style: Style, fields: Record<string, unknown>): Taken | Reply {
  const { custom_llm_provider: _, ...known } = fields
  const checked = openAiShape.safeParse(style === 'litellm' ? known : fields)
  if (checked.success) return { prompt: checked.data.prompt, fields }
  const [issue] = checked.error.issues
  const name = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue?.path[0])
  const code = issue?.code === 'unrecognized_keys' ? 'unknown_parameter' : 'invalid_value'
  return fault(style, 400, `Wrong parameter: '${name}'.`, 'invalid_request_error', code, name)
}

const reference = (name: string) =>
  z.string().refine((text) => z.strictObject({ [name]: dataUrl }).safeParse(parsed(text)).success)

const vllmShape = z
  .strictObject({
    prompt: z.string().min(1),
    model: z.literal('Wan-AI/Wan2.2-T2V-A14B-Diffusers').optional(),
    seconds: z
      .string()
      .regex(/^[1-9]\d*$/)
      .optional(),
    size: z
      .string()
      .regex(/^\d+x\d+$/)
      .optional(),
    user: z.string().optional(),
    width: whole.optional(),
    height: whole.optional(),
    num_frames: whole.optional(),
    fps: whole.optional(),
    num_inference_steps: whole.optional(),
    guidance_scale: z.string().optional(),
    seed: whole.optional(),
    negative_prompt: z.string().optional(),
    generate_sound: z.enum(['true', 'false']).optional(),
    input_reference: file.optional(),
    image_reference: reference('image_url').optional(),
    video_reference: reference('video_url').optional(),
    audio_reference: reference('audio_url').optional(),
  })
  .refine(
    (given) =>
      [given.input_reference, given.image_reference, given.video_reference].filter(Boolean).length <= 1,
  )

/** FastAPI and pydantic. */
function unprocessable(error: z.ZodError): Reply {
  const detail = error.issues.map((issue) => ({
    loc: ['body', ...issue.path],
    msg: issue.message,
    type: issue.code,
  }))
  return { status: 422, json: { detail } }
}

function vllm(fields: Record<string, unknown>): Taken | Reply {
  const checked = vllmShape.safeParse(fields)
  return checked.success ? { prompt: checked.data.prompt, fields } : unprocessable(checked.error)
}

const sglangShape = z.strictObject({
  prompt: z.string().min(1),
  model: z.string().optional(),
  seconds: z.int().optional(),
  size: z
    .string()
    .regex(/^(\d+x\d+)?$/)
    .optional(),
  fps: z.int().optional(),
  num_frames: z.int().optional(),
  seed: z.int().optional(),
  num_inference_steps: z.int().optional(),
  guidance_scale: z.number().optional(),
  negative_prompt: z.string().optional(),
})
const sglangForm = z.strictObject({
  prompt: z.string().min(1),
  model: z.string().optional(),
  seconds: whole.optional(),
  size: z.string().optional(),
  fps: whole.optional(),
  num_frames: whole.optional(),
  extra_body: z.string().optional(),
  input_reference: file,
})

function sglang(fields: Record<string, unknown>, isForm: boolean): Taken | Reply {
  const checked = isForm ? sglangForm.safeParse(fields) : sglangShape.safeParse(fields)
  if (!checked.success)
    return fault('sglang', 400, `Invalid request body: ${checked.error.message}`, '', null)
  const extra = isForm ? parsed(String(fields.extra_body ?? '{}')) : {}
  return { prompt: checked.data.prompt, fields: { ...fields, ...(extra as object) } }
}

const asset = (kind: string) =>
  z.strictObject({ type: z.literal(`${kind}_url`), [`${kind}_url`]: z.strictObject({ url: dataUrl }) })
/** `GET /api/v1/videos/models` of 2026-08, as far as it matters: resolutions, lengths, shapes, whether a seed is taken. */
const sizes = ['480p', '720p', '1080p', '4K'] as const
const wide = ['16:9', '9:16'] as const
const seedanceShapes = ['1:1', '3:4', '9:16', '4:3', '16:9', '21:9', '9:21'] as const
const from = (least: number, most: number) => Array.from({ length: most - least + 1 }, (_, at) => least + at)
const openRouterModels: Record<
  string,
  { resolutions: readonly string[]; lengths: readonly number[]; shapes: readonly string[]; seed: boolean }
> = {
  'google/veo-3.1': { resolutions: sizes.slice(1), lengths: [4, 6, 8], shapes: wide, seed: true },
  'google/veo-3.1-fast': { resolutions: sizes.slice(1), lengths: [4, 6, 8], shapes: wide, seed: true },
  'google/veo-3.1-lite': { resolutions: sizes.slice(1, 3), lengths: [4, 6, 8], shapes: wide, seed: true },
  'kwaivgi/kling-v3.0-std': {
    ...{ resolutions: ['720p'], lengths: from(3, 15), shapes: [...wide, '1:1'], seed: false },
  },
  'bytedance/seedance-1-5-pro': {
    ...{ resolutions: sizes.slice(0, 3), lengths: from(4, 12), shapes: seedanceShapes, seed: true },
  },
  'bytedance/seedance-2.0': {
    ...{ resolutions: sizes, lengths: from(4, 15), shapes: seedanceShapes, seed: true },
  },
  'bytedance/seedance-2.0-fast': {
    ...{ resolutions: sizes.slice(0, 2), lengths: from(4, 15), shapes: seedanceShapes, seed: true },
  },
  'bytedance/seedance-2.5': {
    ...{
      resolutions: sizes.slice(0, 2),
      lengths: from(4, 30),
      shapes: seedanceShapes.slice(0, 6),
      seed: true,
    },
  },
}

export const openRouterShape = z
  .strictObject({
    model: z.enum(Object.keys(openRouterModels)),
    prompt: z.string().optional(),
    duration: z.int().min(1).optional(),
    resolution: z.enum(sizes).optional(),
    aspect_ratio: z.enum(seedanceShapes).optional(),
    size: z
      .string()
      .regex(/^\d+x\d+$/)
      .optional(),
    seed: z.int().optional(),
    generate_audio: z.boolean().optional(),
    frame_images: z
      .array(
        z.strictObject({
          type: z.literal('image_url'),
          image_url: z.strictObject({ url: dataUrl }),
          frame_type: z.enum(['first_frame', 'last_frame']),
        }),
      )
      .optional(),
    input_references: z.array(z.union([asset('image'), asset('video'), asset('audio')])).optional(),
    callback_url: z.url({ protocol: /^https$/ }).optional(),
    provider: z.looseObject({}).optional(),
  })
  .superRefine((body, context) => {
    const { resolutions = [], lengths = [], shapes = [], seed = false } = openRouterModels[body.model] ?? {}
    const fits = {
      resolution: body.resolution === undefined || resolutions.includes(body.resolution),
      duration: body.duration === undefined || lengths.includes(body.duration),
      aspect_ratio: body.aspect_ratio === undefined || shapes.includes(body.aspect_ratio),
      seed: body.seed === undefined || seed,
    }
    for (const [field, ok] of Object.entries(fits))
      if (!ok) context.addIssue({ code: 'custom', path: [field], message: 'not supported by this model' })
  })

function openRouter(fields: Record<string, unknown>, isForm: boolean): Taken | Reply {
  const checked = openRouterShape.safeParse(isForm ? {} : fields)
  if (checked.success) return { prompt: checked.data.prompt ?? '', fields }
  return fault('openrouter', 400, checked.error.message, '', null)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What it answers to a job it does not take, by the prompt's tag. */
export function refusal(style: Style, prompt: string): Reply | undefined {
  const tagged = (tag: string) => prompt.includes(`[[${tag}]]`)
  const say = (status: number, type: string, code: string | null) =>
    fault(style, status, `Refused: ${prompt}`, type, code)
  if (tagged('policy'))
    return style === 'openrouter'
      ? say(403, '', null)
      : say(400, 'invalid_request_error', 'moderation_blocked')
  if (tagged('invalid')) return say(400, 'invalid_request_error', 'invalid_value')
  if (tagged('429'))
    return { ...say(429, 'rate_limit_error', 'rate_limit_exceeded'), headers: { 'retry-after': '7' } }
  if (tagged('credit'))
    return style === 'openrouter' ? say(402, '', null) : say(429, 'insufficient_quota', 'insufficient_quota')
  if (tagged('retired')) return say(404, 'NotFoundError', 'model_not_found')
  if (tagged('down')) return say(500, 'server_error', null)
  if (tagged('html')) return htmlPage
  return undefined
}
