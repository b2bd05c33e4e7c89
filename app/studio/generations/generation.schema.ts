import { z } from 'zod'
import { inputRoles, kindOf, type ModelRecord } from '#app/studio/catalogue/record.ts'
import type { InputRole } from '#core/db/schema/studio.ts'

/**
 * What may be asked of a model, drawn from its record; the same schema for the form, the API and its document. Unknown
 * fields are refused, so nothing slips through that a price did not count. What depends on several fields at once, or on
 * the files themselves, `check.ts` looks at.
 */
export function generationSchema(model: ModelRecord) {
  const known = schemas.get(model) ?? schemaOf(model)
  schemas.set(model, known)
  return known
}

/** Building one takes longer than checking with it. */
const schemas = new WeakMap<ModelRecord, ReturnType<typeof schemaOf>>()

const clipRoles = inputRoles.filter((role) => kindOf[role] === 'clip')

const sentFile = z.strictObject({ role: z.enum(inputRoles), reference_id: z.string().max(64) })

/** One file: something that was sent, or a video that was made here. */
export const givenFile = z.union([
  sentFile,
  z.strictObject({
    role: z.enum(clipRoles),
    generation_id: z.string().max(64).meta({ description: 'A video of yours that is ready.' }),
  }),
])

export type AskedFile = z.infer<typeof givenFile>

/** A file as pages and forms know it: of which kind its id is, they cannot tell from the id. */
export interface FileInPlace {
  role: InputRole
  id: string
  /** Of something that was sent, or of the generation whose video it is. */
  of: 'reference' | 'generation'
}

export function asked({ role, id, of }: FileInPlace): AskedFile {
  return of === 'reference'
    ? { role, reference_id: id }
    : { role: role as (typeof clipRoles)[number], generation_id: id }
}

export function inPlace(file: AskedFile): FileInPlace {
  return 'reference_id' in file
    ? { role: file.role, id: file.reference_id, of: 'reference' }
    : { role: file.role, id: file.generation_id, of: 'generation' }
}

function schemaOf(model: ModelRecord) {
  const { negativePrompt, shots, inputs } = model
  const takesInputs = Object.keys(inputs).length > 0
  return z.strictObject({
    model: z.literal(model.id),
    prompt: text(model.prompt.least, model.prompt.most),
    seconds: secondsOf(model),
    aspect_ratio: z
      .enum(model.aspectRatios as [string, ...string[]])
      .default(model.aspectRatios[0] as string),
    resolution: z.enum(model.resolutions as [string, ...string[]]).default(standardResolution(model)),
    audio: audioOf(model),
    ...(model.seed ? { seed: z.number().int().min(0).max(0xffffffff).optional() } : {}),
    ...(negativePrompt ? { negative_prompt: text(0, negativePrompt.most, inOneLine).optional() } : {}),
    ...(shots
      ? {
          shots: z
            .array(
              z.strictObject({
                prompt: text(1, shots.promptMost),
                seconds: z.number().int().min(shots.leastSeconds).max(shots.mostSeconds),
              }),
            )
            .min(2)
            .max(shots.most)
            .optional(),
        }
      : {}),
    ...(takesInputs
      ? {
          mode: z.enum(model.modes).optional(),
          inputs: z
            .array(clipRoles.some((role) => inputs[role]) ? givenFile : sentFile)
            .max(30)
            .optional(),
        }
      : {}),
    ...(inputs.first_frame ? { reference_id: z.string().max(64).optional() } : {}),
  })
}

/** A list, which in a model without a field for it follows the prompt: a line of its own there would be a part of the prompt. */
function inOneLine(given: string): string {
  return given.replace(/[\s,]*[\n\r\v\f\u0085\u2028\u2029][\s,]*/g, ',')
}

function text(least: number, most: number, written = (given: string) => given) {
  return z
    .string()
    .transform((given) => written(given.trim()))
    .refine((given) => [...given].length >= least && [...given].length <= most)
    .meta({ minLength: least, maxLength: most })
}

function secondsOf({ seconds }: ModelRecord) {
  const { choices } = seconds
  if (choices)
    return z
      .union(
        choices.map((choice) => z.literal(choice)) as unknown as [z.ZodLiteral<number>, z.ZodLiteral<number>],
      )
      .default(seconds.standard)
  return z.number().int().min(seconds.least).max(seconds.most).default(seconds.standard)
}

function audioOf({ audio }: ModelRecord) {
  if (audio === 'never') return z.literal(false).default(false)
  return audio === 'always' ? z.literal(true).default(true) : z.boolean().default(true)
}

export function standardResolution(model: ModelRecord): ModelRecord['resolutions'][number] {
  if (model.standardResolution) return model.standardResolution
  return model.resolutions.includes('720p') ? '720p' : (model.resolutions[0] as '720p')
}

/** What every model's schema gives; which of the optional fields there are, its record says. */
export interface GenerationInput {
  model: string
  prompt: string
  seconds: number
  aspect_ratio: string
  resolution: string
  audio: boolean
  seed?: number
  negative_prompt?: string
  shots?: { prompt: string; seconds: number }[]
  mode?: ModelRecord['modes'][number]
  inputs?: AskedFile[]
  /** Short for one input that is the first frame. */
  reference_id?: string
}
