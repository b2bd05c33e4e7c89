import { z } from 'zod'
import { isRegion } from './regions.ts'

/** What the account forms take; shared with the pages. Unknown fields are refused. */
const email = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$|^[^\s@]+@localhost$/)
const password = z.string().min(1).max(1024)

export const signUpSchema = z.strictObject({
  email,
  password,
  region: z.string().refine(isRegion),
  birth_year: z.coerce.number().int().min(1900).max(2100),
  birth_month: z.coerce.number().int().min(1).max(12),
})
export type SignUpInput = z.infer<typeof signUpSchema>

export const signInSchema = z.strictObject({ email, password })
export const addressSchema = z.strictObject({ email })
export const newPasswordSchema = z.strictObject({ token: z.string().min(20).max(200), password })

export const setUpSchema = z.strictObject({
  token: z.string().min(20).max(200),
  site_name: z.string().trim().min(1).max(60),
  contact: z.union([z.literal(''), email]),
  email,
  password,
  region: z.string().refine(isRegion),
})
export type SetUpInput = z.infer<typeof setUpSchema>
