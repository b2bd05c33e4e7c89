import type { z } from 'zod'
import { faultOfCost, faultOfPrice, ruleSentence } from '#app/studio/catalogue/examples.ts'
import { type ModelRecord, modelRecord } from '#app/studio/catalogue/record.ts'
import { driverOf } from '#app/studio/providers/drivers.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { sentenceOfIssue } from './schema-sentences.ts'

/**
 * A model's record as an operator wrote it: does it fit the schema, does each route fit its provider's driver, and do its
 * rules give a number for every job that it offers? Faults are told by their place, `routes.0.cost.usd`.
 */
/** @param drivers the driver of each provider that a route may name, by the provider's id. Throws `record_refused`. */
export function readRecord(
  text: string,
  drivers: ReadonlyMap<string, string>,
  creditMicroUsd: number,
): ModelRecord {
  const record = parsed(text)
  const faults = { ...shapeFaults(record), ...routeFaults(record, drivers) }
  if (Object.keys(faults).length === 0) Object.assign(faults, ruleFaults(record, creditMicroUsd))
  if (Object.keys(faults).length > 0) throw refused(faults)
  return record
}

/** Faults of a record that no person is waiting with, such as one that an older version wrote. */
export function faultsByPath(value: unknown): Record<string, Sentence> {
  const read = modelRecord.safeParse(value, { reportInput: true })
  return read.success ? {} : issuesByPath(read.error)
}

function parsed(text: string): ModelRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    throw refused({ '': say('This is no JSON: {message}', { message }) })
  }
  const read = modelRecord.safeParse(value, { reportInput: true })
  if (!read.success) throw refused(issuesByPath(read.error))
  return read.data
}

function issuesByPath(error: z.ZodError, under: readonly PropertyKey[] = []): Record<string, Sentence> {
  const faults: Record<string, Sentence> = {}
  for (const issue of error.issues)
    faults[[...under, ...issue.path].map(String).join('.')] ??= sentenceOfIssue(issue)
  return faults
}

/** What a schema cannot say, since it is about two fields. */
function shapeFaults({ seconds, routes, standardResolution, resolutions, lifecycle, id }: ModelRecord) {
  const faults: Record<string, Sentence> = {}
  const { least, standard, most, choices } = seconds
  if (least > most) faults['seconds.most'] = say('The longest is shorter than the shortest.')
  else if (standard < least || standard > most || choices?.includes(standard) === false)
    faults['seconds.standard'] = say('The standard length is none that can be chosen.')
  if (standardResolution && !resolutions.includes(standardResolution))
    faults.standardResolution = say('It is none of the resolutions.')
  if (lifecycle.replacement === id) faults['lifecycle.replacement'] = say('A model cannot replace itself.')
  for (const [at, route] of routes.entries())
    if (routes.findIndex((other) => other.id === route.id) < at)
      faults[`routes.${at}.id`] = say('Another route has this id.')
  return faults
}

function routeFaults(
  { routes }: ModelRecord,
  drivers: ReadonlyMap<string, string>,
): Record<string, Sentence> {
  const faults: Record<string, Sentence> = {}
  for (const [at, { provider, endpoint }] of routes.entries()) {
    const name = drivers.get(provider)
    const driver = name === undefined ? undefined : driverOf(name)
    if (name === 'builtin') continue
    if (!driver) {
      faults[`routes.${at}.provider`] = say(
        'There is no provider {provider}. Those that there are: {known}.',
        {
          provider,
          known: [...drivers.keys()].join(', '),
        },
      )
      continue
    }
    const read = driver.endpoint.safeParse(endpoint, { reportInput: true })
    if (!read.success) Object.assign(faults, issuesByPath(read.error, ['routes', at, 'endpoint']))
  }
  return faults
}

function ruleFaults(record: ModelRecord, creditMicroUsd: number): Record<string, Sentence> {
  const faults: Record<string, Sentence> = {}
  for (const [at, route] of record.routes.entries()) {
    const fault = faultOfCost(record, route)
    if (fault) faults[`routes.${at}.cost.usd`] = ruleSentence(fault)
  }
  if (Object.keys(faults).length > 0) return faults
  const fault = faultOfPrice(record, creditMicroUsd)
  return fault ? { 'price.credits': ruleSentence(fault) } : {}
}

function refused(fields: Record<string, Sentence>): AppError {
  const count = Object.keys(fields).length
  return new AppError(
    'record_refused',
    say('The record was not kept. {count, plural, one {One thing is} other {# things are}} wrong in it.', {
      count,
    }),
    { status: 422, fields },
  )
}
