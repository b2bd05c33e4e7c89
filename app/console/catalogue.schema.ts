import { z } from 'zod'

/** What the forms of providers and models take. What a driver's own fields may hold, its schemas say (`provider-settings.ts`). */
const actBy = <const Intent extends string>(intent: Intent) => ({ intent: z.literal(intent) })
const plain = <const Intent extends string>(intent: Intent) => z.strictObject(actBy(intent))
const onOff = z.enum(['on', 'off'])
const id = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)

/** A secret as it was pasted: one line of ASCII, or a JSON document. */
const secret = z
  .string()
  .trim()
  .max(16_000)
  .refine((text) => /^[\x20-\x7e]*$/.test(text) || text.startsWith('{'))

/** `off` keeps it switched off, however its test goes. */
const how = { how: onOff.default('on') }

/** US dollars as people write them, to millionths; null when nothing was written. */
export function dollars(mostDecimals: number) {
  return z
    .string()
    .trim()
    .regex(new RegExp(`^(\\d{1,7}(\\.\\d{1,${mostDecimals}})?)?$`))
    .transform((text) => (text === '' ? null : Math.round(Number(text) * 1e6)))
}

/** Fields of a driver come besides, by their own names. */
export const connectSchema = z.looseObject({
  ...actBy('connect'),
  key: secret.optional(),
  title: z.string().trim().max(60).optional(),
  ...how,
})
export const keySchema = z.strictObject({ ...actBy('key'), key: secret.min(1), ...how })
export const settingsOfProviderSchema = z.looseObject({
  ...actBy('settings'),
  title: z.string().trim().min(1).max(60),
})
export const webhookSecretSchema = z.strictObject({
  ...actBy('webhook_secret'),
  secret: secret,
  how: z.enum(['keep', 'remove']).default('keep'),
})
export const limitsSchema = z.strictObject({
  ...actBy('limits'),
  submitsPer10s: z.coerce.number().int().min(1).max(1000),
  pollsPerSecond: z.coerce.number().min(0.1).max(1000),
  inFlight: z.coerce.number().int().min(1).max(100_000),
  budget: dollars(2),
})
export const testSchema = plain('test')
export const switchSchema = z.strictObject({ ...actBy('switch'), to: onOff })
export const removeSchema = z.strictObject({ ...actBy('remove'), confirm: z.string().max(64) })
export const registerSchema = z.strictObject({
  ...actBy('register'),
  name: z.string().trim().max(120),
  country: z.string().trim().toUpperCase().max(2),
  safeguard: z.string().max(40),
  agreement_on: z.union([z.literal(''), z.iso.date()]),
  keeps_says: z.string().trim().max(300),
  keeps_days: z.union([z.literal(''), z.coerce.number().int().min(0).max(3650)]),
  trains: z.enum(['yes', 'no', 'unknown']),
  deletes: z.enum(['everything', 'partly', 'nothing']),
})
/** One of them, or all there are. */
export const dismissSchema = z.strictObject({ ...actBy('dismiss'), change: z.string().max(60).optional() })

export const switchModelSchema = z.strictObject({ ...actBy('switch'), to: onOff })
export const lifecycleSchema = z.strictObject({
  ...actBy('lifecycle'),
  state: z.enum(['record', 'active', 'deprecated', 'paused', 'retired']),
  sunset_on: z.union([z.literal(''), z.iso.date()]),
  replacement: z.union([z.literal(''), id]),
})
/** Empty: as the record has it. */
export const priceSchema = z.strictObject({ ...actBy('price'), rule: z.string().trim().max(2000) })
export const modelLimitsSchema = z.strictObject({
  ...actBy('limits'),
  most_seconds: z.union([z.literal(''), z.coerce.number().int().min(1).max(600)]),
  most_live: z.union([z.literal(''), z.coerce.number().int().min(1).max(1000)]),
})
export const switchRouteSchema = z.strictObject({ ...actBy('switch_route'), route: id, to: onOff })
export const moveRouteSchema = z.strictObject({
  ...actBy('move_route'),
  route: id,
  to: z.enum(['up', 'down']),
})
export const costSchema = z.strictObject({ ...actBy('cost'), route: id, rule: z.string().trim().max(2000) })
export const recordSchema = z.strictObject({ ...actBy('record'), record: z.string().max(400_000) })
export const addModelSchema = z.strictObject({ ...actBy('add'), record: z.string().max(400_000) })
export const removeModelSchema = z.strictObject({
  ...actBy('remove_record'),
  confirm: z.string().max(64),
})
export const workflowSchema = z.strictObject({
  ...actBy('workflow'),
  provider: id,
  name: z.string().trim().min(1).max(60),
  workflow: z.union([z.string(), z.instanceof(Blob)]),
})

export const creditSchema = z.strictObject({
  ...actBy('credit'),
  credit: dollars(6).refine((micro) => micro !== null && micro > 0),
})
