import { z } from 'zod'
import type { ReferenceState } from '#app/studio/references/receive.ts'
import { translatorFor } from '#core/i18n/translate.ts'

export const referenceSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['picture', 'clip', 'sound']),
  status: z.enum(['receiving', 'ready', 'refused']).meta({
    description: 'Pictures are ready at once; ask for clips and sounds until they are.',
  }),
  seconds: z.number().nullable(),
  reason: z.string().nullable().meta({ description: 'Why it was refused.' }),
})

export function referenceView({
  id,
  kind,
  state,
  seconds,
  reason,
}: ReferenceState): z.infer<typeof referenceSchema> {
  return { id, kind, status: state, seconds, reason: reason && translatorFor('en').t(reason) }
}
