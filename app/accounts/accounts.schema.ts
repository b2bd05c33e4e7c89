import { z } from 'zod'
import { isOneAddress } from '#core/mail/address.ts'
import { isRegion } from './regions.ts'

/** What the account forms take; shared with the pages. Unknown fields are refused. */
const email = z
  .string()
  .trim()
  // What no mail could be sent to would wait for a confirmation for ever.
  .refine(isOneAddress)
  .regex(/@([^.]+\.)+[^.]+$|@localhost$/)
const password = z.string().min(1).max(1024)

const birth = {
  birth_year: z.coerce.number().int().min(1900).max(2100),
  birth_month: z.coerce.number().int().min(1).max(12),
}
const token = z.string().min(20).max(200)

export const signUpSchema = z.strictObject({
  email,
  password,
  region: z.string().refine(isRegion),
  ...birth,
})
export type SignUpInput = z.infer<typeof signUpSchema>

export const signInSchema = z.strictObject({ email, password })
export const addressSchema = z.strictObject({ email })
export const linkSchema = z.strictObject({ token })
export const newPasswordSchema = z.strictObject({ token, password })

export const setUpSchema = z.strictObject({
  token,
  site_name: z.string().trim().min(1).max(60),
  contact: z.union([z.literal(''), email]),
  email,
  password,
  region: z.string().refine(isRegion),
})
export type SetUpInput = z.infer<typeof setUpSchema>

/** The form of the set-up page: the first owner answers the age question like everybody else. */
export const setUpFormSchema = setUpSchema.extend(birth)

export const profileSchema = z.strictObject({
  name: z.string().trim().max(80),
  region: z.string().refine(isRegion),
  locale: z.string().max(35).refine(isLocale),
  time_zone: z.string().max(64).refine(isTimeZone),
  birth_year: birth.birth_year.optional(),
  birth_month: birth.birth_month.optional(),
})
export type ProfileInput = z.infer<typeof profileSchema>

export const securitySchema = z.discriminatedUnion('intent', [
  z.strictObject({ intent: z.literal('password'), current: password, password }),
  z.strictObject({ intent: z.literal('end_one'), session: z.string().max(60) }),
  z.strictObject({ intent: z.literal('end_others') }),
])

export const keysSchema = z.discriminatedUnion('intent', [
  z.strictObject({
    intent: z.literal('make'),
    name: z.string().trim().min(1).max(60),
    may: z.enum(['read', 'write']),
  }),
  z.strictObject({ intent: z.literal('revoke'), key: z.string().max(60) }),
])

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag
  } catch {
    return false
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
