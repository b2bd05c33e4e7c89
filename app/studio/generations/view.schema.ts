import { z } from 'zod'
import { modes } from '#app/studio/catalogue/record.ts'

/** A generation as the API answers it and the studio's live view shows it. The API's document is drawn from this. */
const time = z.iso.datetime()

export const statuses = [
  'queued',
  'running',
  'ready',
  'blocked',
  'failed',
  'cancelled',
  'expired',
  'removed',
] as const

export const generationViewSchema = z.strictObject({
  id: z
    .string()
    .meta({ description: 'Sorts by time of creation.', examples: ['gen_01kb3v9d8qf0hs5y2m7x4ztrae'] }),
  status: z.enum(statuses),
  phase: z
    .string()
    .meta({ description: 'A finer step within `running`; otherwise much the same as the status.' }),
  model: z.string(),
  created_at: time,
  seconds: z.int(),
  aspect_ratio: z.string(),
  resolution: z.string(),
  audio: z.boolean(),
  seed: z.int(),
  mode: z.enum(modes).meta({ description: 'What it is made of.' }),
  shots: z.int().optional().meta({ description: 'How many shots it has, when it has several.' }),
  prompt: z.string().nullable().meta({ description: 'Null once it is gone.' }),
  credits: z.strictObject({
    held: z.int().meta({ description: 'Set aside while it is being made.' }),
    captured: z.int().meta({ description: 'What it has cost; nothing unless it became ready.' }),
  }),
  error: z
    .strictObject({
      code: z.string(),
      message: z.string().meta({ description: 'A sentence for the person, in English.' }),
    })
    .nullable(),
  content_url: z.string().nullable().meta({ description: 'The signed video, once it is ready.' }),
  poster_url: z.string().nullable(),
  preview_url: z.string().nullable(),
  provenance: z
    .strictObject({
      public_id: z.string(),
      manifest_label: z.string(),
      signed_at: time,
      engine: z.string(),
      record_url: z
        .string()
        .meta({ description: 'The public page that says what is known about this video.' }),
    })
    .nullable(),
  saved: z.boolean(),
  expires_at: time.nullable().meta({ description: 'When it goes, unless it is saved.' }),
})

export type GenerationView = z.infer<typeof generationViewSchema>
