import { z } from 'zod'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'

/**
 * What may be asked of a model, drawn from its record; the same schema for the form, the API and its document. Unknown
 * fields are refused, so nothing slips through that a price did not count.
 */
export function generationSchema(model: ModelRecord) {
  const known = schemas.get(model) ?? schemaOf(model)
  schemas.set(model, known)
  return known
}

/** Building one takes longer than checking with it. */
const schemas = new WeakMap<ModelRecord, ReturnType<typeof schemaOf>>()

function schemaOf(model: ModelRecord) {
  const { seconds, prompt } = model
  return z.strictObject({
    model: z.literal(model.id),
    prompt: z
      .string()
      .transform((text) => text.trim())
      .refine((text) => [...text].length >= prompt.least && [...text].length <= prompt.most)
      .meta({ minLength: prompt.least, maxLength: prompt.most }),
    seconds: z.number().int().min(seconds.least).max(seconds.most).default(seconds.standard),
    aspect_ratio: z
      .enum(model.aspectRatios as [string, ...string[]])
      .default(model.aspectRatios[0] as string),
    resolution: z.enum(model.resolutions as [string, ...string[]]).default('720p'),
    audio: model.audio ? z.boolean().default(true) : z.literal(false).default(false),
    seed: z.number().int().min(0).max(0xffffffff).optional(),
    reference_id: z.string().max(64).optional(),
  })
}

export type GenerationInput = z.infer<ReturnType<typeof generationSchema>>
