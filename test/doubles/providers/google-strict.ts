/**
 * How Google's APIs refuse, for their doubles: unknown names and wrong types answer 400 with the front end's own words, wrong
 * keys a 400 that only its reason tells from others (google.rpc.Status, AIP-193).
 */
import { has, htmlPage, type Reply } from './harness.ts'

export class Refusal extends Error {
  readonly reply: Reply
  constructor(code: number, status: string, message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.reply = { status: code, json: { error: { code, message, status, ...more } } }
  }
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 'INVALID_ARGUMENT', message)
}

/** An object with these fields and no others; `!` marks those that must be there. */
export function fields(value: unknown, where: string, names: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`Invalid value at '${where}', an object was expected`)
  const known = new Map(names.split(' ').map((name) => [name.replace('!', ''), name.endsWith('!')]))
  for (const name of Object.keys(value))
    if (!known.has(name))
      throw invalid(`Invalid JSON payload received. Unknown name "${name}" at '${where}': Cannot find field.`)
  for (const [name, must] of known) if (must && !(name in value)) throw invalid(`${where}.${name} is missing`)
  return value as Record<string, unknown>
}

export function oneOf(value: unknown, where: string, allowed: readonly unknown[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw invalid(`Invalid value at '${where}' (${JSON.stringify(value)})`)
}

/** Base64 of a file of this kind, told by its first bytes as the decoder would. */
export function media(data: unknown, type: unknown, kind: 'image' | 'video'): void {
  if (typeof data !== 'string' || typeof type !== 'string' || !type.startsWith(`${kind}/`))
    throw invalid(`Unable to process input ${kind}.`)
  const bytes = Buffer.from(data, 'base64')
  const good =
    kind === 'video'
      ? bytes.toString('latin1', 4, 8) === 'ftyp'
      : /^(ffd8ff|89504e47)/.test(bytes.toString('hex', 0, 4))
  if (!good) throw invalid(`Unable to process input ${kind}.`)
}

/** What a prompt's tags make of a submission, before anything is taken; it repeats the prompt, as the real one may. */
export function scriptedRefusal(prompt: string, model: string): Reply | undefined {
  const says = (code: number, status: string, message: string, more?: Record<string, unknown>) =>
    new Refusal(code, status, `${message} ${prompt}`, more).reply
  if (has(prompt, 'invalid')) return says(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.')
  if (has(prompt, '429'))
    return says(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).', {
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' }],
    })
  if (has(prompt, 'credit'))
    return says(429, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted. Manage your billing.')
  if (has(prompt, 'retired'))
    return says(404, 'NOT_FOUND', `models/${model} is not found for API version v1beta.`)
  if (has(prompt, 'down')) return says(500, 'INTERNAL', 'An internal error has occurred.')
  if (has(prompt, 'html')) return htmlPage
  return undefined
}

export interface VeoJob {
  name: string
  prompt: string
  polls: number
}

/** The body of `predictLongRunning`, with the fields of either API, and the rules of Veo 3.1. */
export function checkVeo(body: unknown, dialect: 'gemini' | 'vertex'): string {
  const { instances, parameters } = fields(body, 'body', 'instances! parameters')
  if (!Array.isArray(instances) || instances.length !== 1) throw invalid('One instance is wanted')
  const one = fields(instances[0], 'instances[0]', 'prompt! image lastFrame referenceImages video')
  if (typeof one.prompt !== 'string' || one.prompt === '') throw invalid('A prompt is wanted')
  for (const [name, value] of Object.entries({ image: one.image, lastFrame: one.lastFrame })) {
    if (value === undefined) continue
    const { bytesBase64Encoded, mimeType } = fields(value, name, 'bytesBase64Encoded! mimeType!')
    media(bytesBase64Encoded, mimeType, 'image')
  }
  if (one.lastFrame && !one.image) throw invalid('lastFrame needs image')
  if (one.referenceImages !== undefined) checkReferences(one)
  if (one.video !== undefined) {
    if (one.image || one.referenceImages) throw invalid('video goes alone')
    if (dialect === 'vertex') {
      const clip = fields(one.video, 'video', 'bytesBase64Encoded! mimeType!')
      media(clip.bytesBase64Encoded, clip.mimeType, 'video')
    } else {
      const clip = fields(one.video, 'video', 'encodedVideo! encoding!')
      media(clip.encodedVideo, clip.encoding, 'video')
    }
  }
  checkParameters(parameters ?? {}, one, dialect)
  return one.prompt
}

function checkReferences(one: Record<string, unknown>): void {
  const references = one.referenceImages
  if (!Array.isArray(references) || references.length > 3) throw invalid('At most 3 reference images')
  if (one.image || one.lastFrame) throw invalid('referenceImages and image exclude each other')
  for (const reference of references) {
    const { image, referenceType } = fields(reference, 'referenceImages', 'image! referenceType!')
    oneOf(referenceType, 'referenceType', ['asset'])
    const { bytesBase64Encoded, mimeType } = fields(image, 'image', 'bytesBase64Encoded! mimeType!')
    media(bytesBase64Encoded, mimeType, 'image')
  }
}

function checkParameters(value: unknown, one: Record<string, unknown>, dialect: 'gemini' | 'vertex'): void {
  const shared = 'aspectRatio resolution durationSeconds negativePrompt personGeneration sampleCount'
  const p = fields(value, 'parameters', dialect === 'vertex' ? `${shared} seed generateAudio` : shared)
  oneOf(p.aspectRatio, 'aspectRatio', ['16:9', '9:16'])
  oneOf(p.resolution, 'resolution', ['720p', '1080p', '4k'])
  oneOf(p.durationSeconds, 'durationSeconds', [4, 6, 8])
  oneOf(p.sampleCount, 'sampleCount', [1])
  oneOf(p.personGeneration, 'personGeneration', ['allow_all', 'allow_adult', 'dont_allow'])
  const eight = p.resolution === '1080p' || p.resolution === '4k' || one.referenceImages || one.video
  if (eight && p.durationSeconds !== 8) throw invalid('durationSeconds must be 8 here')
  if (p.generateAudio !== undefined && typeof p.generateAudio !== 'boolean') throw invalid('generateAudio')
  if (p.seed !== undefined && !(Number.isInteger(p.seed) && Number(p.seed) >= 0 && Number(p.seed) < 2 ** 32))
    throw invalid('seed')
}
