import type { Mode, Resolution } from '#core/db/schema/studio.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { costOf, type Job, type ModelRecord, priceOf, rolesOf, ruleNames, takes } from './record.ts'
import { RuleError, ruleOf } from './rule.ts'

/**
 * What a model's rules give, worked out before anybody pays by them: examples for whoever sets a price, and the jobs on
 * which a rule would fail. It runs in the browser too, while the rule is typed.
 */
export interface Example {
  resolution: Resolution
  seconds: number
  /** Null when none of the model's routes takes it, so that it has no price. */
  credits: number | null
  /** What those credits stand for; millionths of a US dollar. */
  worthMicroUsd: number
  /** The routes that take this job, with what each costs; millionths of a US dollar. */
  routes: { id: string; costMicroUsd: number }[]
}

export interface RuleFault {
  message: string
  /** The place in the rule's text, from 0. */
  at: number
  /** The job on which it fails; none when it cannot even be read. */
  job?: { mode: Mode; resolution: Resolution; seconds: number }
}

/**
 * One row for each resolution, at the standard length and in the first mode, with sound where there is any. `routes` are
 * those whose cost is told: all there are, though the price covers only those that can be used.
 */
export function examplesOf(
  model: ModelRecord,
  creditMicroUsd: number,
  routes: ModelRecord['routes'] = model.routes,
): Example[] {
  const [mode = 'text'] = model.modes
  return model.resolutions.map((resolution) => {
    const seconds = model.seconds.standard
    const job = exampleJob(model, { mode, resolution, seconds })
    const isTaken = model.routes.some((route) => takes(route, job))
    const credits = isTaken ? priceOf(model, job, creditMicroUsd) : null
    return {
      resolution,
      seconds,
      credits,
      worthMicroUsd: (credits ?? 0) * creditMicroUsd,
      routes: routes
        .filter((route) => takes(route, job))
        .map((route) => ({ id: route.id, costMicroUsd: costOf(route, job) })),
    }
  })
}

/** The first thing wrong with the price rule: unreadable, an unknown value, or a job for which it gives none. */
export function faultOfPrice(model: ModelRecord, creditMicroUsd: number): RuleFault | undefined {
  return (
    faultInText(model.price.credits, ruleNames) ??
    faultIn(model, (job) => void priceOf(model, job, creditMicroUsd))
  )
}

/** The same of what a route costs, over the jobs that it takes. */
export function faultOfCost(model: ModelRecord, route: ModelRecord['routes'][number]): RuleFault | undefined {
  const names = ruleNames.filter((name) => name !== 'cost' && name !== 'credit')
  return (
    faultInText(route.cost.usd, names) ??
    faultIn(model, (job) => {
      // A clip of the example is nobody's; what it would cost is the same.
      if (takes({ ...route, extendsOnly: undefined }, job)) costOf(route, job)
    })
  )
}

/** What a price rule would give, or why it gives nothing. An empty one stands for the record's. */
export function tryPrice(
  model: ModelRecord,
  rule: string,
  creditMicroUsd: number,
  routes?: ModelRecord['routes'],
): { fault: Sentence | null; examples: Example[] } {
  const tried = { ...model, price: { ...model.price, credits: rule } }
  const fault = faultOfPrice(tried, creditMicroUsd)
  if (fault) return { fault: ruleSentence(fault), examples: [] }
  return { fault: null, examples: examplesOf(tried, creditMicroUsd, routes) }
}

/** A fault of a rule as a sentence, with its place in the text counted from one. */
export function ruleSentence({ message, at, job }: RuleFault): Sentence {
  if (!job) return say('{message} (at character {at}).', { message, at: at + 1 })
  return say('For {seconds} s at {resolution} in mode {mode}: {message} (at character {at}).', {
    ...job,
    message,
    at: at + 1,
  })
}

function faultInText(text: string, names: readonly string[]): RuleFault | undefined {
  try {
    for (const name of ruleOf(text).names)
      if (!names.includes(name))
        return {
          message: `There is no value ${name}`,
          at: Math.max(0, text.search(new RegExp(`\\b${name}\\b`))),
        }
  } catch (error) {
    if (error instanceof RuleError) return { message: error.message, at: error.at }
    throw error
  }
}

function faultIn(model: ModelRecord, evaluate: (job: Job) => void): RuleFault | undefined {
  const { least, standard, most, choices = [] } = model.seconds
  for (const mode of model.modes)
    for (const resolution of model.resolutions)
      for (const seconds of new Set([least, standard, most, ...choices])) {
        const shape = { mode, resolution, seconds }
        try {
          for (const audio of [true, false]) evaluate(exampleJob(model, shape, audio))
        } catch (error) {
          if (!(error instanceof RuleError)) throw error
          return { message: error.message, at: error.at, job: shape }
        }
      }
}

/** With one file in each role that its mode takes and the model allows, clips of five seconds. */
function exampleJob(
  model: ModelRecord,
  { mode, resolution, seconds }: { mode: Mode; resolution: Resolution; seconds: number },
  audio = true,
): Job {
  const sound = model.audio === 'optional' ? audio : model.audio === 'always'
  return {
    settings: { seconds, resolution, aspect_ratio: model.aspectRatios[0] ?? '16:9', audio: sound, mode },
    inputs: rolesOf[mode].filter((role) => model.inputs[role]).map((role) => ({ role, seconds: 5 })),
  }
}
