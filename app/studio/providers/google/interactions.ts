/**
 * Gemini Omni over the Interactions API: the body of a submission and what its answers mean
 * (ai.google.dev/gemini-api/docs/omni, ai.google.dev/api/interactions-api).
 */
import { z } from 'zod'
import type { InputFile, PollAnswer, ProviderJob } from '#app/studio/providers/provider.ts'
import { isSafety } from './google-errors.ts'
import { base64Of, inRole, promptOf, refused, theOne } from './inputs.ts'

type Part =
  | { type: 'text'; text: string }
  | { type: 'image' | 'video'; data: string; mime_type: string }
  | { type: 'image' | 'video'; uri: string }

export interface InteractionBody {
  model: string
  input: string | Part[]
  background: true
  response_format: {
    type: 'video'
    delivery: 'uri'
    duration: string
    resolution: string
    aspect_ratio?: string
  }
  generation_config?: { video_config: { task: string } }
}

/** `uploaded` holds the addresses of files that went ahead because they are too large for the body, by their name. */
export async function interactionBody(
  job: ProviderJob,
  model: string,
  uploaded: ReadonlyMap<string, string>,
): Promise<InteractionBody> {
  const { seconds, resolution, aspect_ratio } = job.settings
  const prompt = withoutUnwanted(promptOf(job, 'seconds'), job.negativePrompt)
  const { files, text, task } = cast(job, prompt)
  const parts = await Promise.all(files.map((file) => part(file, uploaded.get(file.name))))
  return {
    model,
    input: parts.length === 0 ? text : [...parts, { type: 'text', text }],
    // Without it the request blocks for the whole rendering.
    background: true,
    response_format: {
      type: 'video',
      delivery: 'uri',
      // A protobuf Duration; a bare number is refused.
      duration: `${seconds}s`,
      resolution,
      ...(aspect_ratio === 'auto' ? {} : { aspect_ratio }),
    },
    ...(task ? { generation_config: { video_config: { task } } } : {}),
  }
}

/** Which files go in, and how the text says what each is for (the guide's "tags in prompts"). */
function cast(job: ProviderJob, prompt: string): { files: InputFile[]; text: string; task?: string } {
  switch (job.mode) {
    case 'text':
      return { files: [], text: prompt, task: 'text_to_video' }
    case 'first_frame':
      return { files: [theOne(job, 'first_frame')], text: `<FIRST_FRAME> ${prompt}`, task: 'image_to_video' }
    // Two frames have no task of their own: pictures and tags say it.
    case 'first_last_frame':
      return {
        files: [theOne(job, 'first_frame'), theOne(job, 'last_frame')],
        text: `<FIRST_FRAME> <LAST_FRAME> ${prompt}`,
      }
    case 'references': {
      if (inRole(job, 'audio').length > 0) throw refused('no sounds')
      const images = inRole(job, 'image')
      const videos = inRole(job, 'video')
      const roles = [
        ...images.map((_, i) => `<IMAGE_REF_${i}>@Image${i + 1}`),
        ...videos.map((_, i) => `<VIDEO_REF_${i}>@Video${i + 1}`),
      ]
      if (roles.length === 0) throw refused('references wanted')
      return {
        files: [...images, ...videos],
        text: `[# References ${roles.join(' ')}] ${prompt}`,
        task: 'reference_to_video',
      }
    }
    case 'extend':
      return { files: [theOne(job, 'extend')], text: prompt, task: 'extend' }
  }
}

async function part(file: InputFile, uri: string | undefined): Promise<Part> {
  const type = file.kind === 'clip' ? 'video' : 'image'
  return uri ? { type, uri } : { type, data: await base64Of(file), mime_type: file.mediaType }
}

/** There is no field for it; the guide asks to write it into the prompt. */
function withoutUnwanted(prompt: string, negative: string | undefined): string {
  return negative ? `${prompt}\nDo not include: ${negative}` : prompt
}

const interaction = z.looseObject({
  id: z.string().min(1).max(500),
  status: z.string(),
  steps: z
    .array(
      z.looseObject({
        type: z.string().optional(),
        content: z
          .array(z.looseObject({ type: z.string().optional(), uri: z.string().optional() }))
          .optional(),
      }),
    )
    .optional(),
  error: z.looseObject({}).optional(),
  finish_reason: z.string().optional(),
  usage: z
    .looseObject({
      output_tokens_by_modality: z
        .array(z.looseObject({ modality: z.string(), tokens: z.number() }))
        .optional(),
    })
    .optional(),
})
export type Interaction = z.infer<typeof interaction>

export function readInteraction(json: unknown): Interaction | undefined {
  const read = interaction.safeParse(json)
  return read.success ? read.data : undefined
}

/** Google's examples ask every five seconds. */
const AGAIN_MS = 5000

export function interactionAnswer(made: Interaction): PollAnswer {
  switch (made.status) {
    case 'completed':
      if (videoUri(made)) return { state: 'succeeded' }
      // A refusal is a text instead of a video, without an error. With video tokens there is a video we do not see.
      return { state: 'failed', errorClass: videoTokens(made) > 0 ? 'result_expired' : 'content_policy' }
    case 'budget_exceeded':
      return { state: 'failed', errorClass: 'provider_out_of_credit' }
    case 'failed':
    case 'cancelled':
    case 'incomplete':
    case 'requires_action':
    case 'requires_continuation': {
      const words = { ...made.error, details: [{ reason: made.finish_reason }] }
      return { state: 'failed', errorClass: isSafety(words) ? 'content_policy' : 'provider_down' }
    }
    // `queued`, `in_progress`, and words that are new: the deadline ends what never ends.
    default:
      return { state: 'running', againAfterMs: AGAIN_MS }
  }
}

export function videoUri(made: Interaction): string | undefined {
  return made.steps
    ?.filter(({ type }) => type === 'model_output')
    .flatMap(({ content }) => content ?? [])
    .find(({ type, uri }) => type === 'video' && uri)?.uri
}

function videoTokens(made: Interaction): number {
  const counts = made.usage?.output_tokens_by_modality ?? []
  return counts.find(({ modality }) => modality.toLowerCase() === 'video')?.tokens ?? 0
}
