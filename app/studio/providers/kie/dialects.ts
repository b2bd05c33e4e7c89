/**
 * How each family of models at KIE wants its input: names, types and exclusions differ (Kling counts seconds in strings,
 * Seedance in integers), and a wrong type is refused. Sources: the OpenAPI documents at docs.kie.ai/market. Ranges are the
 * model record's matter and KIE's own; refused here is only what has no words in the dialect. Nothing is sent that a mode
 * does not have. Tokens such as `@Image1` are the person's and go as they are.
 */
import type { InputFile, ProviderJob } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'

/** The address under which KIE finds an uploaded input. */
export type UrlOf = (file: InputFile) => string

export type JobsDialect = 'kling-3' | 'seedance-1.5' | 'seedance-2' | 'gemini-omni'

export const dialects: Readonly<
  Record<JobsDialect, (job: ProviderJob, urlOf: UrlOf) => Record<string, unknown>>
> = {
  'kling-3': kling,
  'seedance-1.5': seedance15,
  'seedance-2': seedance2,
  'gemini-omni': geminiOmni,
}

/** What the dialect cannot say; nothing has been sent. */
export function cannotSay(what: string): ProviderError {
  return new ProviderError('invalid_input', { providerCode: what })
}

export function inRole(job: ProviderJob, ...roles: InputFile['role'][]): InputFile[] {
  return roles.flatMap((role) => job.inputs.filter((file) => file.role === role))
}

/** First, or first and last, in the order every dialect wants them. */
export function framesOf(job: ProviderJob): InputFile[] {
  const frames = inRole(job, 'first_frame', 'last_frame')
  const wanted = { first_frame: 1, first_last_frame: 2 }[job.mode as string] ?? 0
  if (frames.length !== wanted) throw cannotSay('frames')
  return frames
}

/** Undefined members are not sent. */
export function present<T extends Record<string, unknown>>(fields: T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

const klingModes: Record<string, string> = { '720p': 'std', '1080p': 'pro', '4k': '4K' }
const KLING_ELEMENT_MS = 8000

/** docs.kie.ai/market/kling/kling-3.0 */
function kling(job: ProviderJob, urlOf: UrlOf): Record<string, unknown> {
  const { settings, shots } = job
  const mode = klingModes[settings.resolution]
  if (!mode) throw cannotSay('resolution')
  if (job.mode === 'extend') throw cannotSay('mode')
  const frames = framesOf(job)
  if (shots && frames.length > 1) throw cannotSay('last frame with shots')
  // Only pictures tell it a shape by themselves.
  if (settings.aspect_ratio === 'auto' && frames.length === 0) throw cannotSay('aspect_ratio')
  return present({
    ...(shots
      ? { multi_prompt: shots.map((shot) => ({ prompt: shot.prompt, duration: shot.seconds })) }
      : { prompt: job.prompt }),
    multi_shots: shots !== undefined,
    image_urls: frames.length > 0 ? frames.map(urlOf) : undefined,
    kling_elements: job.mode === 'references' ? klingElements(job, urlOf) : undefined,
    sound: settings.audio,
    duration: String(settings.seconds),
    aspect_ratio: settings.aspect_ratio === 'auto' ? undefined : settings.aspect_ratio,
    mode,
  })
}

/**
 * Kling knows no loose pictures: an element is one subject, shown by two to four pictures or one clip, and called by its
 * name. The pictures together are `@Image1`, each clip is `@Video1` and so on; a sound is the voice of the first.
 */
function klingElements(job: ProviderJob, urlOf: UrlOf): Record<string, unknown>[] {
  const pictures = inRole(job, 'image')
  const sounds = inRole(job, 'audio')
  const elements: Record<string, unknown>[] = []
  if (pictures.length > 0)
    elements.push({ name: 'Image1', description: 'Image1', element_input_urls: pictures.map(urlOf) })
  for (const [index, clip] of inRole(job, 'video').entries()) {
    const name = `Video${index + 1}`
    elements.push({
      name,
      description: name,
      element_input_urls: [urlOf(clip)],
      start_time: 0,
      end_time: Math.min(KLING_ELEMENT_MS, Math.floor((clip.seconds ?? 8) * 1000)),
    })
  }
  const [first] = elements
  if (!first || sounds.length > 1) throw cannotSay('references')
  if (sounds[0]) first.element_input_audio_urls = [urlOf(sounds[0])]
  return elements
}

/** docs.kie.ai/market/bytedance/seedance-1.5-pro */
function seedance15(job: ProviderJob, urlOf: UrlOf): Record<string, unknown> {
  const { settings } = job
  if (job.mode === 'references' || job.mode === 'extend') throw cannotSay('mode')
  if (settings.aspect_ratio === 'auto') throw cannotSay('aspect_ratio')
  const frames = framesOf(job)
  return present({
    prompt: job.prompt,
    input_urls: frames.length > 0 ? frames.map(urlOf) : undefined,
    aspect_ratio: settings.aspect_ratio,
    resolution: settings.resolution,
    duration: settings.seconds,
    generate_audio: settings.audio,
  })
}

/** docs.kie.ai/market/bytedance/seedance-2 and its siblings (fast, mini, 2.5). Frames and references never mix. */
function seedance2(job: ProviderJob, urlOf: UrlOf): Record<string, unknown> {
  const { settings } = job
  if (job.mode === 'extend') throw cannotSay('mode')
  const [first, last] = framesOf(job)
  const urls = (role: InputFile['role']) => {
    const files = job.mode === 'references' ? inRole(job, role) : []
    return files.length > 0 ? files.map(urlOf) : undefined
  }
  // A video follows the shape of its first frame; 2.5 refuses any other word (InvalidParameter.TaskTypeConstraint).
  const adaptive = first !== undefined || settings.aspect_ratio === 'auto'
  return present({
    prompt: job.prompt,
    first_frame_url: first && urlOf(first),
    last_frame_url: last && urlOf(last),
    reference_image_urls: urls('image'),
    reference_video_urls: urls('video'),
    reference_audio_urls: urls('audio'),
    generate_audio: settings.audio,
    resolution: settings.resolution,
    aspect_ratio: adaptive ? 'adaptive' : settings.aspect_ratio,
    duration: settings.seconds,
  })
}

const OMNI_WINDOW_SECONDS = 10
const OMNI_SEEDS = 2 ** 31

/** docs.kie.ai/market/google/gemini-omni-video. Sounds and characters need ids that are made elsewhere: not offered. */
function geminiOmni(job: ProviderJob, urlOf: UrlOf): Record<string, unknown> {
  const { settings } = job
  if (job.mode === 'first_last_frame' || job.mode === 'extend') throw cannotSay('mode')
  const pictures = job.mode === 'references' ? inRole(job, 'image') : framesOf(job)
  const clips = job.mode === 'references' ? inRole(job, 'video') : []
  return present({
    prompt: job.prompt,
    image_urls: pictures.length > 0 ? pictures.map(urlOf) : undefined,
    video_list:
      clips.length > 0
        ? clips.map((clip) => ({
            url: urlOf(clip),
            start: 0,
            ends: Math.min(OMNI_WINDOW_SECONDS, Math.floor(clip.seconds ?? OMNI_WINDOW_SECONDS)),
          }))
        : undefined,
    duration: String(settings.seconds),
    aspect_ratio: settings.aspect_ratio === 'auto' ? undefined : settings.aspect_ratio,
    resolution: settings.resolution,
    seed: settings.seed % OMNI_SEEDS,
  })
}
