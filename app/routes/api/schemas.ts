import { z } from 'zod'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { generationViewSchema } from '#app/studio/generations/view.schema.ts'

/** What the API answers, beside the generation itself. The document is drawn from these; a test holds the answers to them. */
export const mostInPage = 100
export const longestIdempotencyKey = 255

export const generationPageSchema = z.strictObject({
  data: z.array(generationViewSchema),
  next_cursor: z
    .string()
    .nullable()
    .meta({ description: 'For `cursor` of the next request; null at the end.' }),
})

export const modelSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string(),
  kind: z.enum(['trained', 'algorithmic']).meta({
    description: 'Whether a trained model makes the pictures, or a program does.',
  }),
  limits: z.strictObject({
    seconds: z.strictObject({ least: z.int(), most: z.int(), standard: z.int() }),
    prompt_characters: z.strictObject({ least: z.int(), most: z.int() }),
    aspect_ratios: z.array(z.string()),
    resolutions: z.array(z.string()),
    audio: z.boolean(),
    reference_pictures: z.int(),
    deadline_seconds: z.int().meta({ description: 'Past this it has failed, and costs nothing.' }),
  }),
  price: z.strictObject({
    unit: z.literal('credits'),
    per_second: z.record(z.string(), z.number()).meta({ description: 'By resolution.' }),
    rounding: z.literal('up'),
  }),
  lifecycle: z.enum(['available']),
})

export const modelListSchema = z.strictObject({ data: z.array(modelSchema) })

export const creditsSchema = z.strictObject({
  balance: z.int().meta({ description: 'What you own, held credits included.' }),
  held: z.int(),
  available: z.int().meta({ description: 'What can be spent now.' }),
})

export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().meta({ description: 'Stable, for programs.' }),
  detail: z.string().meta({ description: 'A sentence for the person: what happened and what to do.' }),
  errors: z.record(z.string(), z.string()).optional().meta({ description: 'What is wrong, by field.' }),
  trace_id: z.string().meta({ description: 'Give it to the operator when you ask.' }),
})

export function modelView(model: ModelRecord): z.infer<typeof modelSchema> {
  return {
    id: model.id,
    name: model.name,
    version: model.version,
    description: model.says,
    kind: model.kind,
    limits: {
      seconds: { ...model.seconds },
      prompt_characters: { ...model.prompt },
      aspect_ratios: [...model.aspectRatios],
      resolutions: [...model.resolutions],
      audio: model.audio,
      reference_pictures: model.referencePictures.most,
      deadline_seconds: model.deadlineSeconds,
    },
    price: { unit: 'credits', per_second: { ...model.price.perSecond }, rounding: 'up' },
    // What the catalogue has can be used; a model that is retired leaves it.
    lifecycle: 'available',
  }
}
