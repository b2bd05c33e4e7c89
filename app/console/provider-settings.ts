import { z } from 'zod'
import type { Driver } from '#app/studio/providers/provider.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { sentenceOfIssue } from './schema-sentences.ts'

/**
 * A driver's settings and addresses as fields of a form, drawn from its schema: a new driver has its form with it. Values
 * of `pairs` (headers for a proxy) may be credentials, so they are shown as dots, and dots keep what was there.
 */
export type SettingField = { name: string; optional: boolean } & (
  | { kind: 'text' | 'number' | 'lines' | 'pairs'; value: string }
  | { kind: 'flag'; value: boolean }
  | { kind: 'choice'; value: string; choices: string[] }
)

export interface AddressField {
  name: string
  /** Empty while the standard one is used. */
  value: string
  standard: string
}

const DOTS = '••••'

interface Shape {
  type?: string
  enum?: unknown[]
  default?: unknown
  additionalProperties?: unknown
}

function shapesOf(driver: Driver): Record<string, Shape> {
  const schema = z.toJSONSchema(driver.settings, { io: 'input', unrepresentable: 'any' })
  return (schema.properties ?? {}) as Record<string, Shape>
}

export function settingFields(driver: Driver, set: Readonly<Record<string, unknown>>): SettingField[] {
  return Object.entries(shapesOf(driver)).map(([name, shape]): SettingField => {
    const value = set[name] ?? shape.default
    const base = { name, optional: shape.default === undefined }
    if (shape.enum)
      return { ...base, kind: 'choice', value: String(value ?? ''), choices: shape.enum.map(String) }
    if (shape.type === 'boolean') return { ...base, kind: 'flag', value: value === true }
    if (shape.type === 'array')
      return { ...base, kind: 'lines', value: ((value ?? []) as string[]).join('\n') }
    if (shape.type === 'object') {
      const names = Object.keys((value ?? {}) as Record<string, string>)
      return { ...base, kind: 'pairs', value: names.map((key) => `${key}: ${DOTS}`).join('\n') }
    }
    const kind = shape.type === 'number' || shape.type === 'integer' ? 'number' : 'text'
    return { ...base, kind, value: value === undefined ? '' : String(value) }
  })
}

export function addressFields(driver: Driver, own: Readonly<Record<string, string>>): AddressField[] {
  return Object.entries(driver.addresses).map(([name, standard]) => ({
    name,
    value: own[name] ?? '',
    standard,
  }))
}

/** The names under which any driver's fields are posted, for giving back what was typed. */
export function fieldNames(drivers: readonly Driver[]): string[] {
  return drivers.flatMap((driver) => [
    ...Object.keys(shapesOf(driver)).map((name) => `setting.${name}`),
    ...Object.keys(driver.addresses).map((name) => `address.${name}`),
  ])
}

/** What the form says, as the driver takes it. `set` is what stood there. Throws `invalid_input` with a sentence for each field. */
export function readSettings(
  driver: Driver,
  form: Readonly<Record<string, unknown>>,
  set: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const wanted: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(shapesOf(driver))) {
    const typed = form[`setting.${name}`]
    const value = typedValue(shape, typeof typed === 'string' ? typed : undefined, set[name])
    if (value !== undefined) wanted[name] = value
  }
  const parsed = driver.settings.safeParse(wanted, { reportInput: true })
  if (parsed.success) return parsed.data
  const fields: Record<string, Sentence> = {}
  for (const issue of parsed.error.issues) fields[`setting.${String(issue.path[0])}`] = sentenceOfIssue(issue)
  throw wrong(fields)
}

function typedValue(shape: Shape, typed: string | undefined, before: unknown): unknown {
  // A box that is not ticked is not posted.
  if (shape.type === 'boolean') return typed !== undefined
  const text = typed?.trim() ?? ''
  if (shape.type === 'array') return lines(text)
  if (shape.type === 'object') return pairs(text, (before ?? {}) as Record<string, string>)
  if (text === '') return undefined
  return shape.type === 'number' || shape.type === 'integer' ? Number(text) : text
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function pairs(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    lines(text).map((line) => {
      const colon = line.indexOf(':')
      const name = (colon < 0 ? line : line.slice(0, colon)).trim()
      const value = colon < 0 ? '' : line.slice(colon + 1).trim()
      return [name, value === DOTS ? (before[name] ?? '') : value]
    }),
  )
}

/** The operator's own addresses; those left empty stay the driver's. Throws `invalid_input` with a sentence for each field. */
export function readAddresses(
  driver: Driver,
  form: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const own: Record<string, string> = {}
  const fields: Record<string, Sentence> = {}
  for (const [name, standard] of Object.entries(driver.addresses)) {
    const typed = form[`address.${name}`]
    const text = typeof typed === 'string' ? typed.trim().replace(/\/+$/, '') : ''
    if (text === '' && standard === '') fields[`address.${name}`] = say('Give the server’s address.')
    if (text === '' || text === standard) continue
    const fault = faultInAddress(text)
    if (fault) fields[`address.${name}`] = fault
    own[name] = text
  }
  if (Object.keys(fields).length > 0) throw wrong(fields)
  return own
}

function faultInAddress(text: string): Sentence | undefined {
  if (text.length > 500 || !URL.canParse(text))
    return say('This is no address. Begin with https:// or http://.')
  const url = new URL(text)
  if (!['https:', 'http:'].includes(url.protocol)) return say('Begin with https:// or http://.')
  if (url.username || url.password)
    return say('Leave name and password out of the address: it is shown here again. Use the key.')
  if (url.search || url.hash) return say('Leave out what follows ? or #.')
  return undefined
}

function wrong(fields: Record<string, Sentence>): AppError {
  return new AppError(
    'invalid_input',
    say('Something in the form is missing or wrong. Look at the marked fields.'),
    { status: 422, fields },
  )
}
