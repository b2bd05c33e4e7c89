/**
 * A job as the body of `POST /videos`, in each server's manner: docs.vllm.ai "Videos API", SGLang's
 * `entrypoints/openai/protocol.py`, openrouter.ai/docs "Video generation", docs.litellm.ai "/videos". What a server does not
 * know is refused before anything is sent.
 */
import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Mode } from '#core/db/schema/studio.ts'
import type { InputFile, ProviderJob } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'
import { type Endpoint, endpointOf, type Settings } from './settings.ts'
import { framesOf, pixelsOf } from './size.ts'

/** Either JSON or a form; a form's fields are texts and files. */
export type Body = { json: Record<string, unknown> } | { form: FormData }

/** For inputs that travel inside the body, as base64. */
const MOST_INLINE_BYTES = 48 * 1024 ** 2
const STANDARD_FPS = 24

export async function bodyOf(job: ProviderJob, settings: Settings): Promise<Body> {
  const endpoint = endpointOf(job)
  checkMode(job, modes[settings.style])
  if (settings.style === 'openrouter') return { json: await openRouterBody(job, settings, endpoint) }
  const fields = commonFields(job, settings, endpoint)
  if (settings.style === 'vllm-omni') return { form: await vllmForm(job, fields) }
  if (settings.style === 'sglang') return sglangBody(job, fields)
  return { form: await formOf(fields, job.inputs[0]) }
}

const onePicture: readonly Mode[] = ['text', 'first_frame']
const modes: Record<Settings['style'], readonly Mode[]> = {
  openai: onePicture,
  litellm: onePicture,
  sglang: onePicture,
  'vllm-omni': ['text', 'first_frame', 'references', 'extend'],
  openrouter: ['text', 'first_frame', 'first_last_frame', 'references'],
}

function checkMode({ mode, inputs }: ProviderJob, offered: readonly Mode[]): void {
  const refused = (what: string) => new ProviderError('invalid_input', { providerCode: what })
  if (!offered.includes(mode)) throw refused(`mode ${mode}`)
  const roles = inputs.map((file) => file.role).sort()
  const wanted = {
    text: [],
    first_frame: ['first_frame'],
    first_last_frame: ['first_frame', 'last_frame'],
    extend: ['extend'],
  }
  if (mode !== 'references') {
    if (roles.join() !== wanted[mode].join()) throw refused(`inputs of ${mode}`)
    return
  }
  if (roles.length === 0 || roles.some((role) => !['image', 'video', 'audio'].includes(role)))
    throw refused('inputs of references')
}

type Fields = Record<string, string | number | boolean>

/** What all but OpenRouter share; the plain API knows only the first few. */
function commonFields(job: ProviderJob, settings: Settings, endpoint: Endpoint): Fields {
  const { seconds, seed, audio } = job.settings
  const own = settings.style === 'vllm-omni' || settings.style === 'sglang'
  const fps = endpoint.fps ?? STANDARD_FPS
  return {
    ...endpoint.extra,
    prompt: job.prompt,
    ...(endpoint.model ? { model: endpoint.model } : {}),
    ...(settings.durationField === 'seconds'
      ? { seconds }
      : { num_frames: framesOf(seconds, fps, endpoint.frames), fps }),
    ...(own && endpoint.fps ? { fps: endpoint.fps } : {}),
    ...sizeFields(job, settings, endpoint),
    ...(own ? { seed } : {}),
    ...(own && job.negativePrompt ? { negative_prompt: job.negativePrompt } : {}),
    ...(settings.style === 'vllm-omni' && audio ? { generate_sound: true } : {}),
  }
}

const usualSize: Partial<Record<Settings['style'], Settings['sizeMode']>> = {
  'vllm-omni': 'width_height',
  openrouter: 'resolution',
}

function sizeFields(job: ProviderJob, settings: Settings, endpoint: Endpoint): Fields {
  const { resolution, aspect_ratio } = job.settings
  const mode = settings.sizeMode ?? usualSize[settings.style] ?? 'size'
  if (mode === 'resolution')
    return {
      resolution: resolution === '4k' ? '4K' : resolution,
      ...(aspect_ratio === 'auto' ? {} : { aspect_ratio }),
    }
  const size = pixelsOf(job.settings, endpoint)
  if (!size) return {}
  return mode === 'width_height' ? size : { size: `${size.width}x${size.height}` }
}

/** Everything in a form is text. */
async function formOf(fields: Fields, file?: InputFile): Promise<FormData> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value))
  if (file) form.set('input_reference', await openAsBlob(file.path, { type: file.mediaType }), file.name)
  return form
}

/** One file as a part, or picture, clip and sound each as an address; its documentation forbids both at once. */
async function vllmForm(job: ProviderJob, fields: Fields): Promise<FormData> {
  if (job.mode !== 'references') return formOf(fields, job.inputs[0])
  checkInline(job.inputs)
  const form = await formOf(fields)
  const most = new Set<string>()
  for (const file of job.inputs) {
    const kind = file.role as 'image' | 'video' | 'audio'
    if (most.has(kind) || (kind !== 'audio' && most.has(kind === 'image' ? 'video' : 'image')))
      throw new ProviderError('invalid_input', { providerCode: 'inputs of references' })
    most.add(kind)
    form.set(`${kind}_reference`, JSON.stringify({ [`${kind}_url`]: await dataUrl(file) }))
  }
  return form
}

/** Its form wants a picture, and reads the fields beyond OpenAI's from `extra_body` there. */
async function sglangBody(job: ProviderJob, fields: Fields): Promise<Body> {
  const file = job.inputs[0]
  if (!file) return { json: fields }
  const known = ['prompt', 'model', 'seconds', 'size', 'fps', 'num_frames']
  const entries = Object.entries(fields)
  const extra = Object.fromEntries(entries.filter(([name]) => !known.includes(name)))
  const plain = Object.fromEntries(entries.filter(([name]) => known.includes(name)))
  return { form: await formOf({ ...plain, extra_body: JSON.stringify(extra) }, file) }
}

async function openRouterBody(job: ProviderJob, settings: Settings, endpoint: Endpoint) {
  checkInline(job.inputs)
  const { seconds, seed, audio } = job.settings
  const frames: unknown[] = []
  const references: unknown[] = []
  for (const file of job.inputs) {
    const kind = file.role === 'video' || file.role === 'audio' ? file.role : 'image'
    const part = { type: `${kind}_url`, [`${kind}_url`]: { url: await dataUrl(file) } }
    if (job.mode === 'references') references.push(part)
    else frames.push({ ...part, frame_type: file.role })
  }
  return {
    ...endpoint.extra,
    model: endpoint.model,
    prompt: job.prompt,
    duration: seconds,
    ...sizeFields(job, settings, endpoint),
    ...(endpoint.seed ? { seed } : {}),
    generate_audio: audio,
    ...(frames.length > 0 ? { frame_images: frames } : {}),
    ...(references.length > 0 ? { input_references: references } : {}),
    ...(job.callbackUrl?.startsWith('https:') ? { callback_url: job.callbackUrl } : {}),
  }
}

function checkInline(files: readonly InputFile[]): void {
  const size = files.reduce((sum, file) => sum + file.size, 0)
  if (size > MOST_INLINE_BYTES) throw new ProviderError('invalid_input', { providerCode: 'inputs too large' })
}

async function dataUrl(file: InputFile): Promise<string> {
  return `data:${file.mediaType};base64,${(await readFile(file.path)).toString('base64')}`
}
