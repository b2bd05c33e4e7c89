import { z } from 'zod'

/** What the console's forms take. Each names its act in `intent`; unknown fields are refused. */
const staffRole = z.enum(['person', 'owner', 'privacy_officer', 'moderator', 'support', 'auditor'])

/** Why somebody looks or acts. Long enough to mean something to whoever reads the log. */
const reason = z.string().trim().min(5).max(1000)

const actBy = <const Intent extends string>(intent: Intent) => ({ intent: z.literal(intent) })
const withReason = <const Intent extends string>(intent: Intent) =>
  z.strictObject({ ...actBy(intent), reason })

export const mostCreditsAtOnce = 100_000

export const findSchema = z.strictObject({ ...actBy('find'), find: z.string().trim().min(3).max(254) })
export const unmaskSchema = withReason('unmask')
export const suspendSchema = withReason('suspend')
export const reinstateSchema = withReason('reinstate')
export const creditsSchema = z.strictObject({
  ...actBy('credits'),
  reason,
  amount: z.coerce.number().int().min(1).max(mostCreditsAtOnce),
  /** Made with the form, so that one form sent twice gives once. */
  key: z.string().regex(/^[A-Za-z0-9_]{10,40}$/),
})
export const roleSchema = z.strictObject({ ...actBy('role'), reason, role: staffRole })
export const revealPromptSchema = withReason('reveal_prompt')
export const revealVideoSchema = withReason('reveal_video')
export const cancelSchema = withReason('cancel')
export const retrySchema = z.strictObject({ ...actBy('retry'), job: z.string().max(60) })
export const revealMailSchema = withReason('reveal_mail')
export const retryMailSchema = z.strictObject(actBy('retry_mail'))
export const verifySchema = z.strictObject(actBy('verify'))
export const revealNoteSchema = z.strictObject({
  ...actBy('reveal_note'),
  reason,
  seq: z.coerce.number().int().min(1),
})
export const checkPromisesSchema = z.strictObject(actBy('check'))
export const keyBackedUpSchema = z.strictObject(actBy('key_backed_up'))
export const settingsSchema = z.strictObject({
  ...actBy('change'),
  site_name: z.string().trim().min(1).max(60),
  contact: z.union([
    z.literal(''),
    z
      .string()
      .trim()
      .max(254)
      .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/),
  ]),
})
