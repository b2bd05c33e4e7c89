import { z } from 'zod'
import type { LiveModel, LiveProvider } from '#app/studio/catalogue/live.ts'
import { lifecycleStates, type ModelRecord, priceOf } from '#app/studio/catalogue/record.ts'
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
    seconds: z.strictObject({
      least: z.int(),
      most: z.int(),
      standard: z.int(),
      choices: z.array(z.int()).nullable().meta({ description: 'Only these, when not null.' }),
    }),
    prompt_characters: z.strictObject({ least: z.int(), most: z.int() }),
    negative_prompt_characters: z.int().nullable(),
    aspect_ratios: z.array(z.string()),
    resolutions: z.array(z.string()),
    audio: z.enum(['never', 'always', 'optional']),
    seed: z.boolean(),
    modes: z.array(z.string()).meta({ description: 'What a video can be made of.' }),
    inputs: z
      .record(z.string(), z.strictObject({ most: z.int() }))
      .meta({ description: 'How many files it takes, by what they are for.' }),
    shots: z.int().nullable().meta({ description: 'How many shots one video may have.' }),
    deadline_seconds: z.int().meta({ description: 'Past this it has failed, and costs nothing.' }),
  }),
  price: z.strictObject({
    unit: z.literal('credits'),
    standard: z.record(z.string(), z.int()).meta({
      description: 'Of a video of the standard length from a prompt alone, by resolution.',
    }),
    version: z.int(),
  }),
  available: z.boolean().meta({ description: 'Whether it can be used now.' }),
  lifecycle: z.strictObject({
    state: z.enum(lifecycleStates),
    sunset_on: z.string().nullable().meta({ description: 'The last day it answers, UTC.' }),
    replacement: z.string().nullable(),
  }),
  providers: z
    .array(
      z.strictObject({
        name: z.string(),
        company: z.string(),
        country: z.string(),
        keeps: z.string(),
        keeps_days: z.number().nullable(),
        trains: z.enum(['yes', 'no', 'unknown']),
        deletes: z.enum(['everything', 'partly', 'nothing']),
      }),
    )
    .meta({ description: 'Who may receive the prompt and files. We are not affiliated with them.' }),
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

/** `creditMicroUsd` is what a credit stands for (`app/settings.ts`); prices that follow costs need it. */
export function modelView(model: LiveModel, creditMicroUsd: number): z.infer<typeof modelSchema> {
  const { record } = model
  const { lifecycle, seconds } = record
  return {
    id: record.id,
    name: record.name,
    version: record.version,
    description: record.says,
    kind: record.kind,
    limits: {
      seconds: { ...seconds, choices: seconds.choices ?? null },
      prompt_characters: { ...record.prompt },
      negative_prompt_characters: record.negativePrompt?.most ?? null,
      aspect_ratios: [...record.aspectRatios],
      resolutions: [...record.resolutions],
      audio: record.audio,
      seed: record.seed,
      modes: [...record.modes],
      inputs: Object.fromEntries(
        Object.entries(record.inputs).map(([role, rule]) => [role, { most: rule.most }]),
      ),
      shots: record.shots?.most ?? null,
      deadline_seconds: record.deadlineSeconds,
    },
    price: {
      unit: 'credits',
      standard: standardPrices(record, creditMicroUsd),
      version: record.price.version,
    },
    available: model.offered,
    lifecycle: {
      state: lifecycle.state,
      sunset_on: lifecycle.sunsetOn ?? null,
      replacement: lifecycle.replacement ?? null,
    },
    providers: model.routes
      .filter(({ unusable }) => unusable === null)
      .flatMap(({ provider }) => (provider ? [providerView(provider)] : [])),
  }
}

function standardPrices(record: ModelRecord, creditMicroUsd: number): Record<string, number> {
  const settings = {
    seconds: record.seconds.standard,
    aspect_ratio: record.aspectRatios[0] as (typeof record.aspectRatios)[number],
    audio: record.audio !== 'never',
    mode: record.modes[0] as (typeof record.modes)[number],
  }
  return Object.fromEntries(
    record.resolutions.map((resolution) => [
      resolution,
      priceOf(record, { settings: { ...settings, resolution } }, creditMicroUsd),
    ]),
  )
}

function providerView({ title, processor, keeps }: LiveProvider) {
  return {
    name: title,
    company: processor?.name ?? '',
    country: processor?.country ?? '',
    keeps: keeps.says,
    keeps_days: keeps.days,
    trains: keeps.trains,
    deletes: keeps.deletes,
  }
}
