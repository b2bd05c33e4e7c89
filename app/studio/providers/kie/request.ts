/** From a job to the one request that may cost money. */
import type { InputFile, ProviderJob } from '../provider.ts'
import { cannotSay, dialects, framesOf, inRole, present, type UrlOf } from './dialects.ts'
import type { KieEndpoint } from './endpoint.ts'

export interface KieRequest {
  /** Below the API's address. */
  path: string
  body: Record<string, unknown>
}

/** Throws `invalid_input` for what the route cannot say: nothing of a person's wish is dropped in silence. */
export function requestOf(
  endpoint: KieEndpoint,
  job: ProviderJob,
  urlOf: UrlOf,
  callBackUrl: string | undefined,
): KieRequest {
  if (job.shots && endpoint.input !== 'kling-3') throw cannotSay('shots')
  if (job.negativePrompt) throw cannotSay('negative prompt')
  if (endpoint.family === 'veo') return veoRequest(endpoint, job, urlOf, callBackUrl)
  const input = dialects[endpoint.input](job, urlOf)
  return { path: '/api/v1/jobs/createTask', body: present({ model: endpoint.model, callBackUrl, input }) }
}

const veoRatios: Record<string, string> = { '16:9': '16:9', '9:16': '9:16', auto: 'Auto' }

/** docs.kie.ai/veo3-api/generate-veo-3-video; sound is always on, `enableFallback` is deprecated. */
function veoRequest(
  endpoint: Extract<KieEndpoint, { family: 'veo' }>,
  job: ProviderJob,
  urlOf: UrlOf,
  callBackUrl: string | undefined,
): KieRequest {
  if (job.mode === 'extend') return veoExtension(endpoint, job, callBackUrl)
  const ratio = veoRatios[job.settings.aspect_ratio]
  if (!ratio) throw cannotSay('aspect_ratio')
  const pictures = job.mode === 'references' ? inRole(job, 'image') : framesOf(job)
  return {
    path: '/api/v1/veo/generate',
    body: present({
      prompt: job.prompt,
      model: endpoint.model,
      generationType: generationTypes[job.mode],
      imageUrls: pictures.length > 0 ? pictures.map(urlOf) : undefined,
      // The schema says aspectRatio, the documentation's own examples aspect_ratio; the second was seen to be read.
      aspectRatio: ratio,
      aspect_ratio: ratio,
      resolution: job.settings.resolution,
      duration: job.settings.seconds,
      // The model takes English only. The documents disagree on what the default is.
      enableTranslation: true,
      callBackUrl,
    }),
  }
}

const generationTypes = {
  text: 'TEXT_2_VIDEO',
  first_frame: 'FIRST_AND_LAST_FRAMES_2_VIDEO',
  first_last_frame: 'FIRST_AND_LAST_FRAMES_2_VIDEO',
  references: 'REFERENCE_2_VIDEO',
} as const

const LEAST_SEED = 10_000
const MOST_SEED = 99_999

/** docs.kie.ai/veo3-api/extend-video: only what KIE made itself, by its task. */
function veoExtension(
  endpoint: Extract<KieEndpoint, { family: 'veo' }>,
  job: ProviderJob,
  callBackUrl: string | undefined,
): KieRequest {
  const taskId = inRole(job, 'extend')[0]?.providerJob
  if (!endpoint.extend || !taskId) throw cannotSay('extend')
  // Larger ones are made by a second paid task, which is no part of this one.
  if (job.settings.resolution === '4k') throw cannotSay('resolution')
  return {
    path: '/api/v1/veo/extend',
    body: present({
      taskId,
      prompt: job.prompt,
      model: endpoint.extend,
      seeds: LEAST_SEED + (job.settings.seed % (MOST_SEED - LEAST_SEED + 1)),
      callBackUrl,
    }),
  }
}

/**
 * The inputs whose bytes KIE needs, found by writing the request once before anything leaves the house, so that what is
 * refused is not uploaded either. An extension goes by the task alone.
 */
export function filesToUpload(endpoint: KieEndpoint, job: ProviderJob): InputFile[] {
  const wanted = new Set<InputFile>()
  requestOf(endpoint, job, (file) => wanted.add(file) && '', undefined)
  if (job.mode !== 'extend' && wanted.size !== job.inputs.length) throw cannotSay('inputs')
  return [...wanted]
}
