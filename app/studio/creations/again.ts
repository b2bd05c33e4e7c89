/**
 * A video that came to nothing is asked for once more as it was, by one press. What was agreed ended with it: this shows
 * the price and the recipients of now, and takes them as agreed only as they were shown.
 */
import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { isFinal } from '#app/studio/generations/errors.ts'
import { asked } from '#app/studio/generations/generation.schema.ts'
import { inputCount } from '#app/studio/generations/inputs.queries.ts'
import type { Actor } from '#core/actor.ts'
import type { GenerationSettings, GenerationTable } from '#core/db/schema/studio.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { creationToRepeat, type ToRepeat } from './creations.ts'
import { type Offer, problemsOf, quoteOf, type Recipient } from './offer.schema.ts'
import { agreedOffer, offerOf } from './offered.ts'

type Person = Extract<Actor, { kind: 'person' }>

export interface Again {
  credits: number
  /** The first one first; it goes to one of them. */
  recipients: Recipient[]
  /** Stands for what was shown, and is sent with the press. */
  terms: string
}

/** What it would be now. Null for what cannot help or cannot be: an ending that stays, a file or a model that has gone. */
export async function againOffer(house: House, actor: Person, row: GenerationTable): Promise<Again | null> {
  const repeat = await repeatable(house, actor, row)
  const live = await house.catalogue.model(row.model)
  if (!repeat || !live?.offered) return null
  const { credit_micro_usd } = await siteSettings(house.db.read)
  const offer = offerOf(live, credit_micro_usd)
  const job = { settings: settingsOf(repeat), inputs: repeat.inputs }
  if (problemsOf(offer.record, job).length > 0) return null
  const quote = quoteOf(offer, job, credit_micro_usd)
  return quote ? { credits: quote.credits, recipients: quote.routes.map(bare), terms: offer.terms } : null
}

/** The new one; pressed twice it is one. Throws as `compose`, and when the terms are others than were shown. */
export async function makeAgain(
  house: House,
  actor: Person,
  row: GenerationTable,
  terms: string,
): Promise<GenerationId | undefined> {
  const repeat = await repeatable(house, actor, row)
  if (!repeat) return undefined
  const offer = await agreedOffer(house, row.model, terms)
  return compose(house, { subject: actor.id, apiKey: null }, wishOf(repeat, offer), `again:${row.id}`)
}

async function repeatable(house: House, actor: Person, row: GenerationTable): Promise<ToRepeat | undefined> {
  if (row.state !== 'failed' || isFinal(row.error_code ?? '')) return undefined
  const repeat = await creationToRepeat(house, actor, row.id)
  const whole = repeat && repeat.inputs.length === (await inputCount(house.db.read, row.id))
  return whole ? repeat : undefined
}

function settingsOf({ creation }: ToRepeat): GenerationSettings {
  const { seconds, aspect_ratio, resolution, audio, seed, mode, shots } = creation
  const settings = { seconds, aspect_ratio, resolution, audio, seed, mode } as GenerationSettings
  return shots === undefined ? settings : { ...settings, shots }
}

/** With the seed, for there is no video of it yet. */
function wishOf(repeat: ToRepeat, offer: Offer | undefined): unknown {
  const { seed, mode, shots: _, ...settings } = settingsOf(repeat)
  const { creation, inputs, texts } = repeat
  return {
    ...settings,
    ...texts,
    model: creation.model,
    prompt: creation.prompt,
    ...(offer?.record.seed ? { seed } : {}),
    ...(inputs.length > 0 ? { mode, inputs: inputs.map(asked) } : {}),
  }
}

/** Without the route, which is nothing of the browser's. */
function bare({ id, title, where, company, country, keeps }: Recipient): Recipient {
  return { id, title, where, company, country, keeps }
}
