/**
 * Servers that speak OpenAI's Videos API, and what tells them apart. The API ended at OpenAI in September 2026; its form
 * lives on in vLLM-Omni, SGLang, LiteLLM and gateways, and OpenRouter's own is close to it.
 */
import { z } from 'zod'
import type { ProviderJob } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'

export const styles = ['openai', 'vllm-omni', 'sglang', 'openrouter', 'litellm'] as const

/** Headers that frame a message or that we set ourselves for each body. */
const ours = [
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'accept-encoding',
  'expect',
]

const headers = z
  .record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/), z.string().regex(/^[\x20-\x7e]{1,2000}$/))
  .refine((given) => Object.keys(given).every((name) => !ours.includes(name.toLowerCase())), {
    message: 'These headers are set by the program itself.',
  })

export const settings = z.strictObject({
  style: z.enum(styles).default('openai'),
  /** How the length is asked for; `num_frames` needs the model's `fps`. Not for OpenRouter. */
  durationField: z.enum(['seconds', 'num_frames']).default('seconds'),
  /** How the picture's size is asked for; left out, as the style's documentation does it. */
  sizeMode: z.enum(['size', 'width_height', 'resolution']).optional(),
  /** Sent with every call, for gateways that want more than a key. */
  headers: headers.default({}),
  /** Hosts besides the server's own that finished files may come from, `*.example.org` for all below. */
  resultHosts: z
    .array(z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/i))
    .max(20)
    .default([]),
})

export type Settings = z.infer<typeof settings>

const pixels = z.string().regex(/^[1-9]\d{1,4}x[1-9]\d{1,4}$/)
const extraValue = z.union([z.string().max(4000), z.number(), z.boolean()])

export const endpoint = z.strictObject({
  /** What the server calls the model; may be left out where it runs one only. */
  model: z.string().min(1).max(200).optional(),
  /** Of the made video; for lengths in frames. */
  fps: z.int().min(1).max(120).optional(),
  /** Frames the model can make: a multiple of `step`, and `add`. Wan: 4 and 1. */
  frames: z
    .strictObject({ step: z.int().min(1).max(64), add: z.int().min(0).max(64) })
    .default({ step: 1, add: 0 }),
  /** Sizes in pixels where they are not the usual ones: `{"480p": {"16:9": "832x480"}}`. */
  sizes: z.record(z.string(), z.record(z.string(), pixels)).default({}),
  /** Whether the model takes a seed. For OpenRouter, which hands jobs on to many. */
  seed: z.boolean().default(true),
  /** Fields that are always sent: `{"num_inference_steps": 40}`. */
  extra: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,60}$/), extraValue).default({}),
})

export type Endpoint = z.infer<typeof endpoint>

/** Throws `invalid_input` when the record is not one of this driver's. */
export function endpointOf(job: Pick<ProviderJob, 'endpoint'>): Endpoint {
  const read = endpoint.safeParse(job.endpoint)
  if (!read.success) throw new ProviderError('invalid_input', { providerCode: 'endpoint' })
  return read.data
}
