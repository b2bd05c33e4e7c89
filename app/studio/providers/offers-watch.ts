import type { House } from '#app/house.ts'
import type { OfferChangeTable, OfferTable } from '#core/db/schema/providers.ts'
import { newId } from '#core/ids/ids.ts'
import type { Offer, Provider } from './provider.ts'

/**
 * The drift watch: compares what a provider lists with what it listed last, and writes down what is new, gone, or has
 * another price. It tells; it changes nothing. The first look only remembers.
 */
export async function watchOffers(
  { db, clock }: House,
  id: string,
  provider: Provider,
  signal: AbortSignal,
): Promise<void> {
  const offers = await provider.offers?.(signal)
  // An empty list is a provider's bad day, not the end of all its models.
  if (!offers || offers.length === 0) return
  const now = clock.now()
  const known = await db.read.selectFrom('offer').selectAll().where('provider', '=', id).execute()
  const changes = known.length === 0 ? [] : changesBetween(known, offers)
  await db.transaction(async (tx) => {
    for (const change of changes)
      await tx
        .insertInto('offer_change')
        .values({ id: newId('event', now), provider: id, ...change, at: now, dismissed_at: null })
        .execute()
    await tx.deleteFrom('offer').where('provider', '=', id).execute()
    for (let at = 0; at < offers.length; at += 100)
      await tx
        .insertInto('offer')
        .values(
          offers.slice(at, at + 100).map((offer) => ({
            provider: id,
            offer: offer.id,
            title: offer.title ?? null,
            price: offer.price ?? null,
            seen_at: now,
          })),
        )
        .onConflict((conflict) => conflict.columns(['provider', 'offer']).doNothing())
        .execute()
  })
}

type Change = Pick<OfferChangeTable, 'offer' | 'kind' | 'was' | 'is_now'>

/** A price that is not told this time is no change: providers leave it out at times. */
export function changesBetween(
  known: readonly Pick<OfferTable, 'offer' | 'title' | 'price'>[],
  offers: readonly Offer[],
): Change[] {
  const before = new Map(known.map((row) => [row.offer, row]))
  const now = new Map(offers.map((offer) => [offer.id, offer]))
  const fresh = [...now.values()].flatMap(({ id, title, price }): Change[] => {
    const had = before.get(id)
    if (!had) return [{ offer: id, kind: 'new', was: null, is_now: price ?? title ?? null }]
    return price !== undefined && had.price !== null && had.price !== price
      ? [{ offer: id, kind: 'price', was: had.price, is_now: price }]
      : []
  })
  const gone = known.flatMap(({ offer, title }): Change[] =>
    now.has(offer) ? [] : [{ offer, kind: 'gone', was: title, is_now: null }],
  )
  return [...fresh, ...gone]
}
