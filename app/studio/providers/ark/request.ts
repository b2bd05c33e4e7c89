/**
 * From a job to ModelArk's task (docs.byteplus.com/en/docs/ModelArk/1520757). It refuses what does not belong to a task
 * instead of passing over it, so nothing is sent that the mode does not have.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { InputFile, ProviderJob } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'

/** What a route needs to know: the model's id or that of an endpoint of the account, and whether half price may wait. */
export const arkEndpoint = z.strictObject({
  model: z.string().min(1).max(200),
  serviceTier: z.enum(['default', 'flex']).optional(),
})

/** Throws `invalid_input` when the record is not one of this driver's. */
export function endpointOf(job: Pick<ProviderJob, 'endpoint'>): z.infer<typeof arkEndpoint> {
  const parsed = arkEndpoint.safeParse(job.endpoint)
  if (parsed.success) return parsed.data
  throw cannotSay('endpoint')
}

const roles: Record<ProviderJob['mode'], readonly InputFile['role'][]> = {
  text: [],
  first_frame: ['first_frame'],
  first_last_frame: ['first_frame', 'last_frame'],
  references: ['image', 'audio'],
  extend: [],
}

/** Requests may have 64 MB, and base64 makes four bytes of three. */
const MOST_BYTES = 47 * 1024 * 1024
const SEEDS = 2 ** 32

/** Throws `invalid_input` for what a task cannot say; nothing is read then. */
export async function taskOf(job: ProviderJob): Promise<Record<string, unknown>> {
  const { model, serviceTier } = endpointOf(job)
  refuseUnsayable(job)
  const { settings } = job
  const files = roles[job.mode].flatMap((role) => job.inputs.filter((file) => file.role === role))
  const media = await Promise.all(files.map(contentOf))
  // A video takes the shape of its first frame; any other word is refused (InvalidParameter.TaskTypeConstraint).
  const shaped = job.mode === 'first_frame' || job.mode === 'first_last_frame'
  const ratio = settings.aspect_ratio === 'auto' ? 'adaptive' : settings.aspect_ratio
  return {
    model,
    content: [{ type: 'text', text: job.prompt }, ...media],
    ...(shaped ? {} : { ratio }),
    resolution: settings.resolution,
    duration: settings.seconds,
    seed: settings.seed % SEEDS,
    generate_audio: settings.audio,
    watermark: false,
    ...(serviceTier ? { service_tier: serviceTier } : {}),
    // Meant for a hash of the end user, whom it would make recognisable over time. The attempt is random, known to nobody
    // else, and comes back with the task, so that one whose answer was lost is found again.
    safety_identifier: job.attempt,
  }
}

function refuseUnsayable(job: ProviderJob): void {
  if (job.mode === 'extend') throw cannotSay('mode')
  if (job.shots) throw cannotSay('shots')
  if (job.negativePrompt) throw cannotSay('negative prompt')
  // Clips are taken by public address or from an asset library with other keys, and we publish nobody's clip.
  if (job.inputs.some((file) => file.kind === 'clip')) throw cannotSay('clip')
  if (job.inputs.some((file) => !roles[job.mode].includes(file.role))) throw cannotSay('inputs')
  const framed = job.mode !== 'references' && job.inputs.length !== roles[job.mode].length
  if (framed) throw cannotSay('frames')
  if (job.inputs.reduce((sum, file) => sum + file.size, 0) > MOST_BYTES) throw cannotSay('inputs too large')
}

/** Audio goes by the names of its formats and not by media types. */
const formats: Record<string, string> = { 'audio/mpeg': 'audio/mp3', 'audio/x-wav': 'audio/wav' }

const contentRoles: Partial<Record<InputFile['role'], string>> = {
  first_frame: 'first_frame',
  last_frame: 'last_frame',
  image: 'reference_image',
  audio: 'reference_audio',
}

async function contentOf(file: InputFile): Promise<Record<string, unknown>> {
  const type = file.kind === 'sound' ? 'audio_url' : 'image_url'
  const format = formats[file.mediaType] ?? file.mediaType
  const url = `data:${format};base64,${await readFile(file.path, 'base64')}`
  return { type, [type]: { url }, role: contentRoles[file.role] }
}

function cannotSay(what: string): ProviderError {
  return new ProviderError('invalid_input', { providerCode: what })
}
