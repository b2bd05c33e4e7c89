import type { GenerationSettings } from '#core/db/schema/studio.ts'

/**
 * A model, as data: what it can do, what it costs and who runs it. Form, validation, price, API and documentation are
 * drawn from the record; nothing in the code names a model.
 */
export interface ModelRecord {
  id: string
  name: string
  version: string
  /** What it is, in one sentence that a person reads when choosing. */
  says: string
  /** Whether a trained model makes the pictures (and the manifest says AI) or a program does. */
  kind: 'trained' | 'algorithmic'
  provider: string
  seconds: { least: number; most: number; standard: number }
  aspectRatios: readonly GenerationSettings['aspect_ratio'][]
  resolutions: readonly GenerationSettings['resolution'][]
  audio: boolean
  /** Characters (Unicode code points). */
  prompt: { least: number; most: number }
  /** How many reference pictures it takes. */
  referencePictures: { most: number }
  /** Credits for a second of video, by resolution; the sum is rounded up. */
  price: { perSecond: Readonly<Record<GenerationSettings['resolution'], number>> }
  /** Past this many seconds a generation of it has failed and is refunded. */
  deadlineSeconds: number
}

/** Price in whole credits; the same everywhere it is shown, held and captured. */
export function priceOf(
  model: ModelRecord,
  settings: Pick<GenerationSettings, 'seconds' | 'resolution'>,
): number {
  return Math.ceil(settings.seconds * model.price.perSecond[settings.resolution])
}
