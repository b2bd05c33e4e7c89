import { z } from 'zod'

/**
 * The compose form as a browser posts it: text in every field. What the values mean, and whether they are allowed, the
 * model's record decides (`generations/generation.schema.ts`).
 */
export const composeForm = z
  .strictObject({
    model: z.string(),
    token: z.string().max(64),
    prompt: z.string(),
    seconds: z.string(),
    aspect_ratio: z.string(),
    resolution: z.string(),
    audio: z.enum(['with', 'without']).optional(),
    seed: z.string().optional(),
    reference_id: z.string().optional(),
    /** A picture that travels with the form, from a browser without scripts. Empty when none was chosen. */
    picture: z.instanceof(Blob).optional(),
  })
  .transform(({ token, picture, audio, seed, reference_id, seconds, ...rest }) => ({
    token,
    picture: picture && picture.size > 0 ? picture : undefined,
    wanted: {
      ...rest,
      seconds: Number(seconds),
      ...(audio === undefined ? {} : { audio: audio === 'with' }),
      ...(seed?.trim() ? { seed: /^\d+$/.test(seed.trim()) ? Number(seed.trim()) : Number.NaN } : {}),
      ...(reference_id ? { reference_id } : {}),
    },
  }))
