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
  /** A picture the video was made from. Only that there was one is said: no bytes, hash, thumbnail or metadata of it. */
  readonly reference?: { readonly format: string }
}

/** A file that already has a manifest of its own, which goes along with what is delivered. */
export interface ParentFile {
  readonly path: string
  readonly format: MediaFormat
  /** What was done to it since: put into another container bit by bit, or encoded anew. Nothing when absent. */
  readonly since?: 'repackaged' | 'transcoded'
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

/**
 * The manifest of a file that this server generated (C2PA 2.4: `c2pa.created` comes first, with its source type), or, with
 * `parent`, of a file that came with a manifest: then it was opened, not created, and the old manifest goes along.
 * Throws TypeError when the id or the address could carry more than they should.
 */
export function manifestFor(input: StampInput, format: MediaFormat, parent?: ParentFile): Manifest {
  checkPublic(input)
  const generation = `${reverseDomain(input.siteHost)}.generation`
  const trained = input.model.kind === 'trained'
  const assertions = [
    {
      label: 'c2pa.actions.v2',
      data: { actions: parent ? reissued(input, parent) : created(input), allActionsIncluded: true },
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
    ingredients: parent ? [parentIngredient(parent)] : referenceIngredients(input),
    createdLabels: ['cawg.training-mining', 'c2pa.ai-disclosure', generation],
  }
}

function created(input: StampInput): unknown[] {
  return [
    {
      action: 'c2pa.created',
      digitalSourceType: sourceTypes[input.model.kind],
      softwareAgent: { name: input.model.name, version: input.model.version },
      when: new Date(input.createdAt).toISOString(),
      ...(input.reference && { parameters: { ingredientIds: ['reference'] } }),
    },
  ]
}

/** What was created elsewhere keeps that word in its own manifest; a second `c2pa.created` would contradict it. */
function reissued(input: StampInput, { since }: ParentFile): unknown[] {
  const when = new Date(input.createdAt).toISOString()
  const parameters = { ingredientIds: ['parent'] }
  return [
    { action: 'c2pa.opened', when, parameters },
    // These two name the ingredient as well (C2PA 2.4, actions).
    ...(since ? [{ action: `c2pa.${since}`, when, parameters }] : []),
    { action: 'c2pa.published', when },
  ]
}

function parentIngredient(parent: ParentFile): IngredientPart {
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
 * The picture itself is never handed to the engine: it would copy the picture's XMP ids, and its own manifest with its
 * author and thumbnails, into the signed file.
 */
function referenceIngredients(input: StampInput): IngredientPart[] {
  if (!input.reference) return []
  const { format } = input.reference
  return [
    {
      json: {
        title: 'Reference image',
        format,
        relationship: 'inputTo',
        label: 'reference',
        instance_id: 'reference',
      },
    },
  ]
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
