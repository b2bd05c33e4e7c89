/**
 * What a model's record says of it at fal: which family of inputs it speaks (its dialect) and the endpoint of each mode.
 * A new model of a known family is such a record, not code.
 */
import { z } from 'zod'
import type { ProviderJob } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'

export const dialectNames = [
  'veo',
  'kling-3',
  'kling-o3',
  'seedance-1.5',
  'seedance-2',
  'wan-2.7',
  'ltx-2',
  'sora-2',
] as const

export type DialectName = (typeof dialectNames)[number]

/** `owner/app` and what follows; it becomes part of an address, so nothing else may be in it. */
const endpointId = z.string().regex(/^[a-z0-9][\w.-]*(\/[a-z0-9][\w.-]*){1,6}$/i)

export const endpoint = z.strictObject({
  dialect: z.enum(dialectNames),
  /** The endpoint of each mode, as in `fal-ai/veo3.1/image-to-video`; a mode that is missing is not offered. */
  ids: z
    .strictObject({
      text: endpointId.optional(),
      first_frame: endpointId.optional(),
      first_last_frame: endpointId.optional(),
      references: endpointId.optional(),
      extend: endpointId.optional(),
    })
    .refine((ids) => Object.values(ids).some((id) => id !== undefined), 'Name the endpoint of a mode.'),
  /** Inputs that are always sent, for what the family has and a job does not say: `{"auto_fix": false}`. */
  fixed: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]{0,60}$/),
      z.union([z.string().max(200), z.number(), z.boolean()]),
    )
    .default({}),
})

export type Endpoint = z.infer<typeof endpoint>

/** Throws `invalid_input` when the record is not one of this driver's, or has no endpoint for the job's mode. */
export function endpointOf(job: Pick<ProviderJob, 'endpoint' | 'mode'>): Endpoint & { id: string } {
  const read = endpoint.safeParse(job.endpoint)
  if (!read.success) throw new ProviderError('invalid_input', { providerCode: 'endpoint' })
  const id = read.data.ids[job.mode]
  if (id === undefined) throw new ProviderError('invalid_input', { providerCode: `mode ${job.mode}` })
  return { ...read.data, id }
}
