import { z } from 'zod'
import type {
  AspectRatio,
  GenerationSettings,
  InputRole,
  Mode,
  ReferenceTable,
  Resolution,
} from '#core/db/schema/studio.ts'
import { numberBy, type RuleVariables, ruleOf } from './rule.ts'

/**
 * A model, as data: what it can do, what it costs and who runs it. Form, validation, price, API and documentation are
 * drawn from the record; nothing in the code names a model. Records are shipped (`models/`), changed in the console, or
 * added there whole; all pass this schema.
 */
export const modes = [
  'text',
  'first_frame',
  'first_last_frame',
  'references',
  'extend',
] as const satisfies Mode[]
export const inputRoles = [
  'first_frame',
  'last_frame',
  'image',
  'video',
  'audio',
  'extend',
] as const satisfies InputRole[]
export const aspectRatios = [
  '16:9',
  '9:16',
  '1:1',
  '4:3',
  '3:4',
  '21:9',
  'auto',
] as const satisfies AspectRatio[]
export const resolutions = ['360p', '480p', '720p', '1080p', '4k'] as const satisfies Resolution[]

/** The values that a rule of price, cost or validity may ask for. */
export const ruleNames = [
  'seconds',
  'resolution',
  'aspect_ratio',
  'audio',
  'mode',
  /** How many files were given, in all roles. */
  'references',
  'images',
  'videos',
  /** Of all clips together. */
  'video_seconds',
  'shots',
  /** US dollars of the dearest route that is on; only where a price is computed. */
  'cost',
  /** US dollars that a credit stands for; only where a price is computed. */
  'credit',
] as const

const id = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/)

function rule(extra: readonly string[] = []) {
  const known = new Set<string>([...ruleNames.filter((n) => n !== 'cost' && n !== 'credit'), ...extra])
  return z
    .string()
    .min(1)
    .max(2000)
    .superRefine((text, context) => {
      try {
        for (const name of ruleOf(text).names)
          if (!known.has(name)) context.addIssue({ code: 'custom', message: `There is no value ${name}` })
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'Unreadable' })
      }
    })
}

/** What may be given in a role. Pictures are kept as JPEG or PNG, clips as MP4, sounds as MP3, whatever came. */
const inputRule = z.strictObject({
  most: z.number().int().min(1).max(30),
  mostBytes: z.number().int().positive().optional(),
  /** Shorter and longer side, in pixels. */
  leastPixels: z.number().int().positive().optional(),
  mostPixels: z.number().int().positive().optional(),
  /** Width divided by height. */
  leastRatio: z.number().positive().optional(),
  mostRatio: z.number().positive().optional(),
  /** Of each clip or sound, and of all together. */
  leastSeconds: z.number().positive().optional(),
  mostSeconds: z.number().positive().optional(),
  totalSeconds: z.number().positive().optional(),
})

const route = z.strictObject({
  id,
  /** The connection that runs it. */
  provider: id,
  /** What the provider calls the model, and what else its driver needs (`Driver.endpoint`). */
  endpoint: z.record(z.string(), z.unknown()),
  /** Where it does less than the model: a job outside of these goes to another route. */
  modes: z.array(z.enum(modes)).nonempty().optional(),
  resolutions: z.array(z.enum(resolutions)).nonempty().optional(),
  /** A condition for which jobs it can take. */
  takes: rule().optional(),
  /**
   * It continues only what its own connection made, by the job there: with these models of the catalogue, in these sizes,
   * and no longer ago than this.
   */
  extendsOnly: z
    .strictObject({
      models: z.array(id).nonempty(),
      resolutions: z.array(z.enum(resolutions)).nonempty(),
      days: z.number().positive(),
    })
    .optional(),
  /** What the provider takes for a job, in US dollars. */
  cost: z.strictObject({ version: z.number().int().positive(), usd: rule() }),
})

export const lifecycleStates = ['active', 'deprecated', 'paused', 'retired'] as const

export const modelRecord = z.strictObject({
  id,
  name: z.string().min(1).max(60),
  version: z.string().max(60),
  /** What it is, in one sentence that a person reads when choosing. */
  says: z.string().min(1).max(300),
  /** Whether a trained model makes the pictures (and the manifest says AI) or a program does. */
  kind: z.enum(['trained', 'algorithmic']),
  lifecycle: z.strictObject({
    state: z.enum(lifecycleStates),
    /** The day after which it does not answer any more. */
    sunsetOn: day.optional(),
    replacement: id.optional(),
  }),
  modes: z.array(z.enum(modes)).nonempty(),
  seconds: z.strictObject({
    least: z.number().int().positive(),
    most: z.number().int().max(600),
    standard: z.number().int(),
    /** Only these, where not every whole number between will do. */
    choices: z.array(z.number().int()).nonempty().optional(),
  }),
  aspectRatios: z.array(z.enum(aspectRatios)).nonempty(),
  resolutions: z.array(z.enum(resolutions)).nonempty(),
  standardResolution: z.enum(resolutions).optional(),
  /** Whether a video has sound: never, always, or as the person likes. */
  audio: z.enum(['never', 'always', 'optional']),
  /** Whether the same seed makes the same video, or nearly. */
  seed: z.boolean(),
  /** Characters (Unicode code points). */
  prompt: z.strictObject({ least: z.number().int().min(0), most: z.number().int().max(20_000) }),
  negativePrompt: z.strictObject({ most: z.number().int().positive() }).optional(),
  shots: z
    .strictObject({
      most: z.number().int().min(2),
      promptMost: z.number().int().positive(),
      leastSeconds: z.number().int().positive(),
      mostSeconds: z.number().int().positive(),
    })
    .optional(),
  inputs: z.partialRecord(z.enum(inputRoles), inputRule),
  /** All files of one generation together. */
  mostInputs: z.number().int().positive().optional(),
  /** What does not go together: where `when` holds, `must` has to hold too, or the person reads `says`. */
  rules: z
    .array(
      z.strictObject({ when: rule(), must: rule(), field: z.string().max(40), says: z.string().max(200) }),
    )
    .optional(),
  /** What the person pays, in credits; rounded up. Its version grows with every change of the rule. */
  price: z.strictObject({ version: z.number().int().positive(), credits: rule(['cost', 'credit']) }),
  /** In the operator's order. */
  routes: z.array(route).nonempty(),
  /** Past this many seconds a generation of it has failed and is refunded. */
  deadlineSeconds: z.number().int().min(60).max(86_400),
})

export type ModelRecord = z.infer<typeof modelRecord>
export type RouteRecord = ModelRecord['routes'][number]
export type InputRule = z.infer<typeof inputRule>

/** Which roles a mode takes; no mode takes another's, so nothing can be mixed that providers refuse to mix. */
export const rolesOf: Readonly<Record<Mode, readonly InputRole[]>> = {
  text: [],
  first_frame: ['first_frame'],
  first_last_frame: ['first_frame', 'last_frame'],
  references: ['image', 'video', 'audio'],
  extend: ['extend'],
}

/** What kind of file is given in a role. */
export const kindOf: Readonly<Record<InputRole, ReferenceTable['kind']>> = {
  first_frame: 'picture',
  last_frame: 'picture',
  image: 'picture',
  video: 'clip',
  extend: 'clip',
  audio: 'sound',
}

/** The mode that these files make, when none was named. */
export function modeFor(roles: readonly InputRole[]): Mode {
  const has = (role: InputRole) => roles.includes(role)
  if (has('extend')) return 'extend'
  if (has('last_frame')) return 'first_last_frame'
  if (has('first_frame')) return 'first_frame'
  return roles.length > 0 ? 'references' : 'text'
}

/** What rules look at, of one job. Sounds count as references only. */
export interface Job {
  settings: Pick<GenerationSettings, 'seconds' | 'resolution' | 'aspect_ratio' | 'audio' | 'mode' | 'shots'>
  inputs?: readonly { role: InputRole; seconds?: number | null; made?: Made | null }[]
}

/** Of a video that was made here: the job that it came from. */
export interface Made {
  /** The connection that ran it. */
  provider: string
  model: string
  resolution: Resolution
  /** How long ago the provider took it. */
  days: number
}

export function variablesOf({ settings, inputs = [] }: Job): RuleVariables {
  const clips = inputs.filter(({ role }) => role === 'video' || role === 'extend')
  return {
    seconds: settings.seconds,
    resolution: settings.resolution,
    aspect_ratio: settings.aspect_ratio,
    audio: settings.audio,
    mode: settings.mode,
    references: inputs.length,
    images: inputs.filter(({ role }) => ['image', 'first_frame', 'last_frame'].includes(role)).length,
    videos: clips.length,
    video_seconds: clips.reduce((sum, clip) => sum + (clip.seconds ?? 0), 0),
    shots: settings.shots ?? 0,
  }
}

export function takes(route: RouteRecord, job: Job): boolean {
  const { mode, resolution } = job.settings
  if (route.modes && !route.modes.includes(mode)) return false
  if (route.resolutions && !route.resolutions.includes(resolution)) return false
  if (mode === 'extend' && !extendsThese(route, job)) return false
  return route.takes === undefined || ruleOf(route.takes).evaluate(variablesOf(job)) === true
}

function extendsThese({ provider, extendsOnly }: RouteRecord, { inputs = [] }: Job): boolean {
  if (!extendsOnly) return true
  const { models, resolutions: sizes, days } = extendsOnly
  return inputs.every(
    ({ made }) =>
      made?.provider === provider &&
      models.includes(made.model) &&
      sizes.includes(made.resolution) &&
      made.days <= days,
  )
}

/** In millionths of a US dollar, rounded up. */
export function costOf(route: RouteRecord, job: Job): number {
  return wholeFrom(numberBy(route.cost.usd, variablesOf(job)) * 1e6, 1e-6)
}

/**
 * The price in whole credits; the same everywhere it is shown, held and captured. `creditMicroUsd` is what the operator
 * says a credit stands for. The cost in it is that of the dearest route that can take the job, so that a fall-over to
 * another route is within what was agreed.
 */
export function priceOf(model: ModelRecord, job: Job, creditMicroUsd: number): number {
  const costs = model.routes.filter((r) => takes(r, job)).map((r) => costOf(r, job))
  const cost = Math.max(0, ...costs) / 1e6
  const variables = { ...variablesOf(job), cost, credit: creditMicroUsd / 1e6 }
  return wholeFrom(numberBy(model.price.credits, variables), 1e-9)
}

/** Rounded up, but not for a rounding error; never the -0 that `ceil` makes of nothing, which is written as a number of its own. */
function wholeFrom(value: number, error: number): number {
  return Math.max(0, Math.ceil(value - error))
}
