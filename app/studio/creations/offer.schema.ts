import type { LiveRoute } from '#app/studio/catalogue/live.ts'
import type { Keeping } from '#app/studio/catalogue/provider-record.ts'
import {
  type Job,
  kindOf,
  type ModelRecord,
  modeFor,
  priceOf,
  rolesOf,
  variablesOf,
} from '#app/studio/catalogue/record.ts'
import { RuleError, truthBy } from '#app/studio/catalogue/rule.ts'
import { standardResolution } from '#app/studio/generations/generation.schema.ts'
import { shownRoutes, whyNobody } from '#app/studio/generations/routing.ts'
import type { GenerationSettings, InputRole, Mode } from '#core/db/schema/studio.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

// Components read it here: the record itself is not for them.
export { kindOf, whyNobody }

/**
 * A model as the compose form is given it, and what the form works out of it while somebody chooses: the same rules,
 * prices and routes that decide once it is sent. Runs in the browser; asks nothing.
 */
export interface Offer {
  /** Without the routes' endpoints, which are between the operator and the provider. */
  record: ModelRecord
  /** Those that take jobs now, in the operator's order. */
  routes: OfferedRoute[]
  /** Stands for prices and recipients as they were shown; they are agreed to as such. */
  terms: string
}

export interface OfferedRoute extends Pick<LiveRoute, 'record' | 'unusable' | 'position'>, Recipient {}

/** Who receives the prompt and the files. */
export interface Recipient {
  /** The connection's id. */
  id: string
  title: string
  /** The worker itself, a machine of the operator's own, or somebody else. */
  where: 'here' | 'own' | 'elsewhere'
  company: string
  /** ISO 3166-1 alpha-2. */
  country: string
  keeps: Keeping
}

/** A model in the list to choose from. */
export interface ModelSummary {
  id: string
  name: string
  says: string
  /** Credits of the cheapest job; null when no route takes even that. */
  from: number | null
  /** Under which its usual time is found (`UsualTimes`). */
  usual: string
  /** Of one that will not be there much longer: its last day, and what to use then. */
  ends: { on: string | null; next: string | null } | null
}

/** What a person chooses from, as far as it is said in settings. */
export type Chosen = Pick<GenerationSettings, 'seconds' | 'aspect_ratio' | 'resolution' | 'audio'>

/** The lengths that a model makes, in seconds. */
export function lengthsOf({ seconds }: ModelRecord): number[] {
  const { least, most, choices } = seconds
  return choices ?? Array.from({ length: most - least + 1 }, (_, at) => least + at)
}

/** The wish as near as this model comes to it: what another model made may be more than it can. */
export function fittedTo(model: ModelRecord, wish: Partial<Chosen>): Chosen {
  const { seconds = model.seconds.standard, aspect_ratio, resolution, audio = true } = wish
  const near = (a: number, b: number) => (Math.abs(b - seconds) < Math.abs(a - seconds) ? b : a)
  const [first = '16:9'] = model.aspectRatios
  return {
    seconds: lengthsOf(model).reduce(near),
    aspect_ratio: model.aspectRatios.find((one) => one === aspect_ratio) ?? first,
    resolution: model.resolutions.find((one) => one === resolution) ?? standardResolution(model),
    audio: model.audio === 'optional' ? audio : model.audio === 'always',
  }
}

/** From what a video is made: pictures at its ends, things that appear in it, or a clip that goes on. */
export type Way = 'frames' | 'references' | 'extend'

export const rolesOfWay: Readonly<Record<Way, readonly InputRole[]>> = {
  frames: rolesOf.first_last_frame,
  references: rolesOf.references,
  extend: rolesOf.extend,
}

/** `ownVideo`: one of the person's own is given, which some providers continue and nothing else. */
export function waysOf({ record, routes }: Pick<Offer, 'record' | 'routes'>, ownVideo = false): Way[] {
  const { inputs, modes } = record
  const has = (way: Way) => rolesOfWay[way].some((role) => inputs[role])
  const ways: Way[] = []
  if (has('frames')) ways.push('frames')
  if (has('references') && modes.includes('references')) ways.push('references')
  if (has('extend') && modes.includes('extend') && (ownVideo || routes.some(extendsAny))) ways.push('extend')
  return ways
}

function extendsAny({ record: { modes, extendsOnly } }: Pick<OfferedRoute, 'record'>): boolean {
  return extendsOnly === undefined && (modes === undefined || modes.includes('extend'))
}

/** The mode that a way and the files in it make. Without files it is made from words, where the model does that. */
export function modeIn(model: ModelRecord, way: Way | undefined, roles: readonly InputRole[]): Mode {
  if (roles.length > 0 || way === undefined) return modeFor(roles)
  if (way !== 'extend' && model.modes.includes('text')) return 'text'
  return model.modes.find((mode) => rolesOf[mode].some((role) => rolesOfWay[way].includes(role))) ?? 'text'
}

/** `@Image1`, `@Video2`: how a prompt speaks of the references, in their order. Other roles need no name. */
export function mentionOf(role: InputRole, position: number): string | undefined {
  const word = ({ image: 'Image', video: 'Video', audio: 'Audio' } as Partial<Record<InputRole, string>>)[
    role
  ]
  return word && `@${word}${position + 1}`
}

export interface Problem {
  field: string
  sentence: Sentence
}

/** What would be refused, in the words in which it would be. `shots` are the lengths of the parts, if there are any. */
export function problemsOf(model: ModelRecord, job: Job, shots: readonly number[] = []): Problem[] {
  return [...fileProblems(model, job), ...shotProblems(model, job, shots), ...ruleProblems(model, job)]
}

const missing: Readonly<Partial<Record<InputRole, Sentence>>> = {
  first_frame: say('Add the first picture.'),
  last_frame: say('Add the last picture.'),
  extend: say('Add the clip that shall go on.'),
}

function fileProblems(model: ModelRecord, { settings, inputs = [] }: Job): Problem[] {
  const { mode } = settings
  const of = (role: InputRole) => inputs.filter((input) => input.role === role)
  const found: Sentence[] = []
  if (!model.modes.includes(mode)) found.push(say('This model cannot work from files like these.'))
  if (mode === 'references' && inputs.length === 0) found.push(say('Add a picture of what shall appear.'))
  for (const role of rolesOf[mode]) {
    const needed = missing[role]
    if (needed && of(role).length === 0) found.push(needed)
  }
  if (model.mostInputs !== undefined && inputs.length > model.mostInputs)
    found.push(say('This model takes at most {most} files.', { most: model.mostInputs }))
  for (const role of rolesOf[mode]) found.push(...lengthProblems(model, role, of(role)))
  return found.map((sentence) => ({ field: 'inputs', sentence }))
}

function lengthProblems(model: ModelRecord, role: InputRole, files: NonNullable<Job['inputs']>): Sentence[] {
  const rule = model.inputs[role]
  if (!rule || kindOf[role] === 'picture') return []
  const { leastSeconds: least = 0, mostSeconds: most = Number.POSITIVE_INFINITY } = rule
  const seconds = files.flatMap((file) => (typeof file.seconds === 'number' ? [file.seconds] : []))
  const found: Sentence[] = []
  if (seconds.some((one) => one < least || one > most))
    found.push(
      Number.isFinite(most)
        ? say('A file has the wrong length for this model: {least} to {most} seconds.', { least, most })
        : say('A file is too short for this model: at least {least} seconds.', { least }),
    )
  if (seconds.reduce((sum, one) => sum + one, 0) > (rule.totalSeconds ?? Number.POSITIVE_INFINITY))
    found.push(
      say('These files are too long together: at most {most} seconds.', { most: rule.totalSeconds ?? 0 }),
    )
  return found
}

function shotProblems(model: ModelRecord, { settings }: Job, shots: readonly number[]): Problem[] {
  if (!model.shots || shots.length === 0) return []
  const { seconds } = settings
  const { most, leastSeconds: least, mostSeconds: longest } = model.shots
  const sum = shots.reduce((total, one) => total + one, 0)
  if (shots.length < 2 || shots.some((one) => !(one >= least && one <= longest)))
    return [
      {
        field: 'shots',
        sentence: say('Give 2 to {most} shots, each with a prompt and {least} to {longest} seconds.', {
          most,
          least,
          longest,
        }),
      },
    ]
  if (sum === seconds) return []
  return [
    {
      field: 'shots',
      sentence: say('The shots are {sum} seconds together, and the video is {seconds}. Make them equal.', {
        sum,
        seconds,
      }),
    },
  ]
}

function ruleProblems(model: ModelRecord, job: Job): Problem[] {
  const variables = variablesOf(job)
  return (model.rules ?? []).flatMap(({ when, must, field, says }) => {
    try {
      const broken = truthBy(when, variables) && !truthBy(must, variables)
      return broken ? [{ field, sentence: { text: says } }] : []
    } catch (error) {
      // A rule of the operator's that has no answer for this job: the server says so when it is asked.
      if (error instanceof RuleError) return []
      throw error
    }
  })
}

/** The price of this very job and who may get it, the first one first; undefined when nobody takes it. */
export function quoteOf(
  { record, routes }: Pick<Offer, 'record' | 'routes'>,
  job: Job,
  creditMicroUsd: number,
): { credits: number; routes: OfferedRoute[] } | undefined {
  try {
    const shown = shownRoutes({ routes }, job)
    return shown.length === 0 ? undefined : { credits: priceOf(record, job, creditMicroUsd), routes: shown }
  } catch (error) {
    // A rule of the operator's that has no answer for this job: it could not be sent either.
    if (error instanceof RuleError) return undefined
    throw error
  }
}
