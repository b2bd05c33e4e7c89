import { z } from 'zod'
import type { ProviderJob } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'

/**
 * What a route at KIE needs to know. `model` is KIE's own slug, `input` the dialect its input is written in: another model
 * of a known dialect is a record. Veo has endpoints and record shapes of its own (docs.kie.ai/veo3-api).
 */
export const kieEndpoint = z.discriminatedUnion('family', [
  z.strictObject({
    family: z.literal('jobs'),
    model: z.string().min(1).max(200),
    input: z.enum(['kling-3', 'seedance-1.5', 'seedance-2', 'gemini-omni']),
  }),
  z.strictObject({
    family: z.literal('veo'),
    model: z.string().min(1).max(200),
    input: z.literal('veo'),
    /** What the extend endpoint calls this model; without it the route extends nothing. */
    extend: z.enum(['fast', 'quality', 'lite']).optional(),
  }),
])

export type KieEndpoint = z.infer<typeof kieEndpoint>

export const kieSettings = z.strictObject({
  /** What one of KIE's credits is worth, in millionths of a US dollar. KIE sells them at half a cent; bundles differ. */
  microUsdPerCredit: z.number().int().positive().default(5000),
})

/** Throws `invalid_input` when the record is not one of this driver's. */
export function endpointOf(job: Pick<ProviderJob, 'endpoint'>): KieEndpoint {
  const parsed = kieEndpoint.safeParse(job.endpoint)
  if (parsed.success) return parsed.data
  throw new ProviderError('invalid_input', { providerCode: 'endpoint' })
}
