import { z } from 'zod'
import { modes } from '#app/studio/catalogue/record.ts'
import { type AskedFile, givenFile } from '#app/studio/generations/generation.schema.ts'

/**
 * The compose form as a browser posts it: text in every field. What the values mean, and whether they are allowed, the
 * model's record decides (`generations/generation.schema.ts`).
 */
const files = z.array(givenFile).max(30)
const shots = z.array(z.strictObject({ prompt: z.string(), seconds: z.number() })).max(30)

export const composeForm = z
  .strictObject({
    model: z.string(),
    token: z.string().max(64),
    /** The prices and recipients that the page showed (`Offer.terms`). */
    terms: z.string().max(64),
    prompt: z.string(),
    seconds: z.string(),
    aspect_ratio: z.string(),
    resolution: z.string(),
    audio: z.enum(['with', 'without']).optional(),
    seed: z.string().optional(),
    negative_prompt: z.string().optional(),
    mode: z.enum(modes).optional(),
    /** Which files are in sight; what is sent says it by itself, but a picture that travels with the form. */
    way: z.enum(['frames', 'references', 'extend']).optional(),
    /** Lists, as JSON: a form without scripts sends them as it was given them. */
    inputs: json(files).optional(),
    shots: json(shots).optional(),
    /** A picture that travels with the form, from a browser without scripts. Empty when none was chosen. */
    picture: z.instanceof(Blob).optional(),
  })
  .transform((form) => {
    const {
      token,
      terms,
      picture,
      way,
      audio,
      seed,
      seconds,
      negative_prompt,
      mode,
      inputs,
      shots,
      ...rest
    } = form
    return {
      token,
      terms,
      way,
      picture: picture && picture.size > 0 ? picture : undefined,
      wanted: {
        ...rest,
        seconds: Number(seconds),
        ...(audio === undefined ? {} : { audio: audio === 'with' }),
        ...(seed?.trim() ? { seed: /^\d+$/.test(seed.trim()) ? Number(seed.trim()) : Number.NaN } : {}),
        ...(negative_prompt?.trim() ? { negative_prompt } : {}),
        ...(mode === undefined ? {} : { mode }),
        ...(inputs && inputs.length > 0 ? { inputs } : {}),
        ...(shots && shots.length > 0 ? { shots } : {}),
      },
    }
  })

/** A list in a hidden field, or nothing. */
function json<T extends z.ZodType>(inner: T) {
  return z
    .string()
    .max(100_000)
    .transform((text, context): unknown => {
      try {
        return text === '' ? [] : JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'No JSON' })
        return z.NEVER
      }
    })
    .pipe(inner)
}

/** What stood in such a field, for a form that came back. Empty for what cannot be read. */
export function postedFiles(text: string | undefined): AskedFile[] {
  return text === undefined ? [] : (json(files).safeParse(text).data ?? [])
}

export function postedShots(text: string | undefined): z.infer<typeof shots> {
  return text === undefined ? [] : (json(shots).safeParse(text).data ?? [])
}
