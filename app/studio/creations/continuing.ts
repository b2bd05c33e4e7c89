/** Which models continue a video of one's own, and how: what its page and the compose form offer. */
import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import type { LiveModel } from '#app/studio/catalogue/live.ts'
import type { Job } from '#app/studio/catalogue/record.ts'
import { problemInRole } from '#app/studio/generations/check.ts'
import { ownVideo } from '#app/studio/generations/inputs.queries.ts'
import { factsOf } from '#app/studio/generations/job.ts'
import type { Actor } from '#core/actor.ts'
import type { AspectRatio, AssetTable, GenerationTable } from '#core/db/schema/studio.ts'
import { type GenerationId, isId } from '#core/ids/ids.ts'
import type { CreationInput } from './creation.schema.ts'
import { type Chosen, fittedTo, lengthsOf, type Offer, problemsOf, quoteOf } from './offer.schema.ts'
import { offerOf } from './offered.ts'

type Person = Extract<Actor, { kind: 'person' }>

/** A video to go on with, as an input and as the file that models have their limits for. */
export interface ToContinue {
  id: GenerationId
  input: CreationInput
  file: Pick<AssetTable, 'kind' | 'size' | 'width' | 'height' | 'duration_ms'>
}

/** The person's own video that is ready. Undefined for any other: somebody else's is not there. */
export async function videoToContinue(
  { db, clock }: Pick<House, 'db' | 'clock'>,
  actor: Person,
  id: string | null,
): Promise<ToContinue | undefined> {
  const file = isId('generation', id) ? await ownVideo(db.read, actor.id, id) : undefined
  if (!file || !isId('generation', id)) return undefined
  const facts = factsOf({ role: 'extend', ...file }, clock.now())
  return { id, input: { ...facts, id, of: 'generation', kind: 'clip' }, file }
}

/** The models that continue it now, in their order, each with the settings in which it does. */
export function continuations(
  video: ToContinue,
  models: readonly LiveModel[],
  creditMicroUsd: number,
): { model: string; chosen: Chosen }[] {
  return models.flatMap((live) => {
    const rule = live.record.inputs.extend
    if (!live.offered || !rule || problemInRole(rule, [video])) return []
    const chosen = settingsFor(offerOf(live, creditMicroUsd), video, creditMicroUsd)
    return chosen ? [{ model: live.record.id, chosen }] : []
  })
}

/** Whether a model goes on with this creation of the person's at the moment. */
export async function isContinuable(
  house: House,
  actor: Person,
  { id, state }: Pick<GenerationTable, 'id' | 'state'>,
): Promise<boolean> {
  const video = state === 'ready' ? await videoToContinue(house, actor, id) : undefined
  if (!video) return false
  const { credit_micro_usd } = await siteSettings(house.db.read)
  return continuations(video, await house.catalogue.models(), credit_micro_usd).length > 0
}

/** The first settings that somebody takes for it: the standard ones before others, in the video's own shape. */
function settingsFor(offer: Offer, { input, file }: ToContinue, creditMicroUsd: number): Chosen | undefined {
  const { record } = offer
  const standard = fittedTo(record, {})
  const shape = { ...standard, aspect_ratio: shapeOf(file, record.aspectRatios) }
  const lengths = [...lengthsOf(record)].sort(
    (a, b) => Math.abs(a - standard.seconds) - Math.abs(b - standard.seconds),
  )
  for (const resolution of [standard.resolution, ...record.resolutions])
    for (const seconds of lengths)
      for (const audio of [true, false]) {
        const chosen = fittedTo(record, { ...shape, resolution, seconds, audio })
        const job: Job = { settings: { ...chosen, mode: 'extend' }, inputs: [input] }
        if (problemsOf(record, job).length === 0 && quoteOf(offer, job, creditMicroUsd)) return chosen
      }
}

/** Of those that a model makes the one that comes nearest. */
function shapeOf(
  { width, height }: Pick<AssetTable, 'width' | 'height'>,
  ratios: readonly AspectRatio[],
): AspectRatio {
  const far = (ratio: AspectRatio) => {
    const [w = Number.NaN, h = Number.NaN] = ratio.split(':').map(Number)
    return Math.abs(Math.log((w / h) * (height / width)))
  }
  const [first = '16:9', ...others] = ratios.filter((ratio) => ratio !== 'auto')
  return others.reduce((near, one) => (far(one) < far(near) ? one : near), first)
}
