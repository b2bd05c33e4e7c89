import { isIP } from 'node:net'
import product from '../../package.json' with { type: 'json' }
import type { IngredientPart } from './engine-messages.ts'
import type { MediaFormat } from './formats.ts'

/**
 * What is said about a generated file. This type is also the promise of what is *not* said: a manifest is public,
 * permanent, and copied into everything made from the file, so no prompt, person, file name or storage address can get in.
 */
export interface StampInput {
  /** A random id of the creation for the public, not a key of the database. */
  readonly publicId: string
  readonly verifyUrl: string
  /** The site's host name, as in its address. */
  readonly siteHost: string
  readonly model: {
    readonly name: string
    readonly version: string
    readonly kind: 'algorithmic' | 'trained'
  }
  /** When the video was generated, in ms. */
  readonly createdAt: number
  /** Has its owner agreed that models may be trained on it? */
  readonly trainingAllowed: boolean
  /** What it was made from, one by one. Only that there was such a file is said: no bytes, hash, thumbnail or metadata of it. */
  readonly madeFrom?: readonly Source[]
}

/** A file that a video was made from. */
export interface Source {
  readonly kind: keyof typeof sourceTitles
  /** Its media type; left out where it is not known any more. */
  readonly format?: string
}

/** The file that is stamped came from another one. */
export interface Original {
  /** What was done to it since: put into another container bit by bit, or encoded anew. Nothing when absent. */
  readonly since?: 'repackaged' | 'transcoded'
  /** It has a manifest of its own, which goes along with what is delivered. */
  readonly parent?: { readonly path: string; readonly format: MediaFormat }
}

export interface Manifest {
  readonly definition: Readonly<Record<string, unknown>>
  readonly ingredients: readonly IngredientPart[]
  /** Base labels of the assertions we made, for the engine's settings. */
  readonly createdLabels: readonly string[]
}

const sourceTypes = {
  algorithmic: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
  trained: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
} as const

const sourceTitles = {
  picture: 'Reference image',
  clip: 'Reference video',
  sound: 'Reference audio',
  /** A video of the same person's that was made here. Which one is not said: two videos would be known for one person's. */
  own_video: 'Earlier video',
} as const

/**
 * The manifest of a file that this server generated (C2PA 2.4: `c2pa.created` comes first, with its source type), or of one
 * whose `original` came with a manifest: then it was opened, not created, and the old manifest goes along.
 * Throws TypeError when the id or the address could carry more than they should.
 */
export function manifestFor(input: StampInput, format: MediaFormat, original: Original = {}): Manifest {
  checkPublic(input)
  const { parent } = original
  const generation = `${reverseDomain(input.siteHost)}.generation`
  const trained = input.model.kind === 'trained'
  const assertions = [
    {
      label: 'c2pa.actions.v2',
      data: {
        actions: parent ? reissued(input, original) : created(input, original),
        // Only what a program of ours drew and nothing touched since: of a model elsewhere nobody tells us all it does.
        allActionsIncluded: !trained && !parent && !original.since,
      },
    },
    { label: 'cawg.training-mining', data: { entries: trainingEntries(input.trainingAllowed) } },
    ...(trained ? [{ label: 'c2pa.ai-disclosure', data: disclosure(input) }] : []),
    { label: generation, data: { publicId: input.publicId, verifyUrl: input.verifyUrl } },
  ]
  const definition = {
    claim_generator_info: [{ name: 'Fairframe', version: product.version, specVersion: '2.4' }],
    title: format.startsWith('video/') ? 'Generated video' : 'Generated picture',
    format,
    assertions,
  }
  return {
    definition,
    ingredients: parent ? [parentIngredient(parent)] : sourceIngredients(input),
    createdLabels: ['cawg.training-mining', 'c2pa.ai-disclosure', generation],
  }
}

function created(input: StampInput, { since }: Original): unknown[] {
  const when = new Date(input.createdAt).toISOString()
  const ingredientIds = (input.madeFrom ?? []).map((_, at) => sourceId(at))
  return [
    {
      action: 'c2pa.created',
      digitalSourceType: sourceTypes[input.model.kind],
      softwareAgent: { name: input.model.name, version: input.model.version },
      when,
      ...(ingredientIds.length > 0 && { parameters: { ingredientIds } }),
    },
    // `c2pa.transcoded` has to name a parent (C2PA 2.4, actions), and what was created here has none.
    ...(since === 'transcoded' ? [{ action: 'c2pa.converted', when }] : []),
  ]
}

/** What was created elsewhere keeps that word in its own manifest; a second `c2pa.created` would contradict it. */
function reissued(input: StampInput, { since }: Original): unknown[] {
  const when = new Date(input.createdAt).toISOString()
  const parameters = { ingredientIds: ['parent'] }
  return [
    { action: 'c2pa.opened', when, parameters },
    // These two name the ingredient as well (C2PA 2.4, actions).
    ...(since ? [{ action: `c2pa.${since}`, when, parameters }] : []),
    { action: 'c2pa.published', when },
  ]
}

function parentIngredient(parent: NonNullable<Original['parent']>): IngredientPart {
  const json = {
    title: 'Original video',
    format: parent.format,
    relationship: 'parentOf',
    label: 'parent',
    instance_id: 'parent',
  }
  return { json, path: parent.path, format: parent.format }
}

/**
 * The files themselves are never handed to the engine: it would copy a picture's XMP ids, and its own manifest with its
 * author and thumbnails, into the signed file.
 */
function sourceIngredients({ madeFrom = [] }: StampInput): IngredientPart[] {
  return madeFrom.map(({ kind, format }, at) => ({
    json: {
      title: sourceTitles[kind],
      ...(format && { format }),
      relationship: 'inputTo',
      label: sourceId(at),
      instance_id: sourceId(at),
    },
  }))
}

function sourceId(at: number): string {
  return `source-${at + 1}`
}

/** CAWG training and data mining assertion 1.1. Consent to training is no consent to being searched or fed to a model. */
function trainingEntries(trainingAllowed: boolean): Record<string, { use: string }> {
  const training = { use: trainingAllowed ? 'allowed' : 'notAllowed' }
  return {
    'cawg.ai_generative_training': training,
    'cawg.ai_training': training,
    'cawg.ai_inference': { use: 'notAllowed' },
    'cawg.data_mining': { use: 'notAllowed' },
  }
}

/** C2PA 2.4, AI disclosure: which model, and that a person's instruction guided it. */
function disclosure({ model }: StampInput): unknown {
  return {
    modelType: 'c2pa.types.model',
    modelName: model.name,
    modelIdentifier: `${model.name} ${model.version}`,
    contentProfile: { humanOversightLevel: 'prompt_guided' },
  }
}

/** `video.example.org` as `org.example.video`. Addresses without a name have no domain to turn round. */
export function reverseDomain(host: string): string {
  const { hostname } = new URL(`http://${host}`)
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return 'localhost'
  return hostname.split('.').filter(Boolean).reverse().join('.')
}

function checkPublic({ publicId, verifyUrl }: StampInput): void {
  if (!/^[\w-]{8,64}$/.test(publicId)) throw new TypeError('a public id is 8 to 64 letters, digits, - or _')
  const url = new URL(verifyUrl)
  const plain =
    /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === ''
  if (!plain) throw new TypeError('a verify address is http(s), without credentials and without a query')
}
