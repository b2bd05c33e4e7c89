/**
 * Veo's `predictLongRunning`: the body of a submission and what its operation says. The Gemini API and Vertex share the verbs
 * and differ in fields (ai.google.dev/gemini-api/docs/veo, cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation).
 */
import type { InputFile, ProviderJob } from '#app/studio/providers/provider.ts'
import type { ErrorClass } from '#app/studio/providers/provider-errors.ts'
import { classOfCode, type GoogleStatus } from './google-errors.ts'
import { base64Of, inRole, promptOf, refused, theOne } from './inputs.ts'

export type Dialect = 'gemini' | 'vertex'
export const personGenerations = ['allow_all', 'allow_adult', 'dont_allow'] as const

interface Image {
  bytesBase64Encoded: string
  mimeType: string
}

export interface VeoBody {
  instances: [
    {
      prompt: string
      image?: Image
      lastFrame?: Image
      referenceImages?: { image: Image; referenceType: 'asset' }[]
      video?: { encodedVideo: string; encoding: string } | { bytesBase64Encoded: string; mimeType: string }
    },
  ]
  parameters: Record<string, string | number | boolean>
}

export async function veoBody(
  job: ProviderJob,
  dialect: Dialect,
  personGeneration: (typeof personGenerations)[number] | undefined,
): Promise<VeoBody> {
  const { seconds, resolution, aspect_ratio, seed, audio } = job.settings
  return {
    instances: [{ prompt: promptOf(job, 'clock'), ...(await files(job, dialect)) }],
    parameters: {
      ...(aspect_ratio === 'auto' ? {} : { aspectRatio: aspect_ratio }),
      resolution,
      durationSeconds: seconds,
      ...(job.negativePrompt ? { negativePrompt: job.negativePrompt } : {}),
      ...(personGeneration ? { personGeneration } : {}),
      sampleCount: 1,
      // The Gemini API refuses both; sound is always on there.
      ...(dialect === 'vertex' ? { seed: seed >>> 0, generateAudio: audio } : {}),
    },
  }
}

async function files(job: ProviderJob, dialect: Dialect): Promise<Partial<VeoBody['instances'][0]>> {
  switch (job.mode) {
    case 'text':
      return {}
    case 'first_frame':
      return { image: await image(theOne(job, 'first_frame')) }
    case 'first_last_frame':
      return {
        image: await image(theOne(job, 'first_frame')),
        lastFrame: await image(theOne(job, 'last_frame')),
      }
    case 'references': {
      const pictures = inRole(job, 'image')
      if (pictures.length === 0 || inRole(job, 'video', 'audio').length > 0) throw refused('pictures only')
      const images = await Promise.all(pictures.map(image))
      return { referenceImages: images.map((one) => ({ image: one, referenceType: 'asset' })) }
    }
    case 'extend': {
      const clip = theOne(job, 'extend')
      const bytes = await base64Of(clip)
      return {
        video:
          dialect === 'vertex'
            ? { bytesBase64Encoded: bytes, mimeType: clip.mediaType }
            : { encodedVideo: bytes, encoding: clip.mediaType },
      }
    }
  }
}

async function image(file: InputFile): Promise<Image> {
  return { bytesBase64Encoded: await base64Of(file), mimeType: file.mediaType }
}

export type VeoAnswer =
  | { state: 'running' }
  | { state: 'made'; uri?: string; base64?: string }
  | { state: 'failed'; errorClass: ErrorClass }

/** Google's examples ask every ten seconds. */
export const VEO_AGAIN_MS = 10_000

interface Filtered {
  raiMediaFilteredCount?: unknown
  raiMediaFilteredReasons?: unknown
}

interface Operation {
  done?: unknown
  error?: GoogleStatus
  response?: Filtered & {
    generateVideoResponse?: Filtered & { generatedSamples?: { video?: { uri?: unknown } }[] }
    videos?: { bytesBase64Encoded?: unknown }[]
  }
}

/** Undefined when it is no operation at all. */
export function veoAnswer(json: unknown): VeoAnswer | undefined {
  if (typeof json !== 'object' || json === null || typeof (json as { name?: unknown }).name !== 'string')
    return undefined
  const { done, error, response } = json as Operation
  if (done !== true) return { state: 'running' }
  if (error) return { state: 'failed', errorClass: classOfCode(error) }
  const gemini = response?.generateVideoResponse
  const uri = gemini?.generatedSamples?.[0]?.video?.uri
  if (typeof uri === 'string') return { state: 'made', uri }
  const base64 = response?.videos?.[0]?.bytesBase64Encoded
  if (typeof base64 === 'string') return { state: 'made', base64 }
  const reasons = (gemini ?? response)?.raiMediaFilteredReasons
  const filtered = Array.isArray(reasons) || Number((gemini ?? response)?.raiMediaFilteredCount) > 0
  return { state: 'failed', errorClass: filtered ? filterClass(reasons) : 'result_expired' }
}

/**
 * Filters have support codes (cloud.google.com/vertex-ai/generative-ai/docs/video/responsible-ai-and-usage-guidelines):
 * 29310472 and 15236754 are celebrities, 39322892 people and faces. The Gemini API writes words instead.
 */
function filterClass(reasons: unknown): ErrorClass {
  const text = Array.isArray(reasons) ? reasons.join(' ') : ''
  return /\b(29310472|15236754|39322892)\b|celebrit|likeness/i.test(text) ? 'face_policy' : 'content_policy'
}
