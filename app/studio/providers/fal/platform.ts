/** fal's platform API (docs.fal.ai/platform-apis): what is offered at what price, what is left, and deleting a request. */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Balance, Offer } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'
import { type CallAnswer, call } from '../provider-http.ts'
import { refusalOf } from './answers.ts'

export interface Platform {
  api: string
  headers: Readonly<Record<string, string>>
  now(): number
}

const categories = ['text-to-video', 'image-to-video', 'video-to-video'] as const
const PAGE = 100
/** As many ids as the price list takes at once. */
const PRICES = 50
/** No limit is published; a nightly look need not hurry. */
const PAUSE_MS = 250
/** More pages than there are models: a cursor that never ends must not keep us. */
const MOST_PAGES = 40

const models = z.object({
  models: z.array(
    z.object({
      endpoint_id: z.string(),
      metadata: z.object({ display_name: z.string().optional() }).optional(),
    }),
  ),
  next_cursor: z.string().nullish(),
})
const prices = z.object({
  prices: z.array(
    z.object({ endpoint_id: z.string(), unit_price: z.number(), unit: z.string(), currency: z.string() }),
  ),
})

/** Active video models, each with its unit price where one is listed. */
export async function listOffers(platform: Platform, signal: AbortSignal): Promise<Offer[]> {
  const offers = new Map<string, Offer>()
  for (const category of categories) {
    let cursor: string | null | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = new URLSearchParams({ category, status: 'active', limit: String(PAGE) })
      if (cursor) query.set('cursor', cursor)
      const read = await ask(platform, `/models?${query}`, models, signal)
      for (const { endpoint_id: id, metadata } of read.models)
        offers.set(id, { id, ...(metadata?.display_name ? { title: metadata.display_name } : {}) })
      cursor = read.next_cursor
      await pause(PAUSE_MS, undefined, { signal })
      if (!cursor) break
    }
  }
  const ids = [...offers.keys()]
  for (let start = 0; start < ids.length; start += PRICES) {
    const query = new URLSearchParams(ids.slice(start, start + PRICES).map((id) => ['endpoint_id', id]))
    const read = await ask(platform, `/models/pricing?${query}`, prices, signal)
    for (const { endpoint_id, unit_price, unit, currency } of read.prices) {
      const offer = offers.get(endpoint_id)
      if (offer) offer.price = `${unit_price} ${currency} per ${unit}`
    }
    await pause(PAUSE_MS, undefined, { signal })
  }
  return [...offers.values()]
}

const billing = z.object({
  credits: z.object({ current_balance: z.number(), currency: z.literal('USD') }),
})

/** For keys with the admin scope; to others it answers 403, which says nothing against the key. */
export async function readBalance(platform: Platform, signal: AbortSignal): Promise<Balance> {
  const { credits } = await ask(platform, '/account/billing?expand=credits', billing, signal)
  return { microUsd: Math.round(credits.current_balance * 1_000_000) }
}

async function ask<T>(
  platform: Platform,
  path: string,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const answer = await call(`${platform.api}${path}`, { headers: platform.headers, signal })
  if (answer.status === 403) throw new ProviderError('provider_down', { providerCode: 'admin key needed' })
  if (answer.status !== 200) throw refusalOf(answer, platform.now())
  const read = shape.safeParse(answer.json)
  if (!read.success) throw new ProviderError('provider_down', { providerCode: 'platform answer' })
  return read.data
}

const deletions = z.object({
  cdn_delete_results: z.array(z.object({ exception: z.unknown().optional() })),
})

/**
 * Deletes the stored request and the files of its output. `partly` when fal says that a file stayed or names none;
 * `unknown` when it knows no such request; `refused` to keys without the admin scope.
 */
export async function deleteRequest(
  platform: Platform,
  requestId: string,
  signal: AbortSignal,
): Promise<'deleted' | 'partly' | 'unknown' | 'refused'> {
  const path = `/models/requests/${encodeURIComponent(requestId)}/payloads`
  const answer: CallAnswer = await call(`${platform.api}${path}`, {
    method: 'DELETE',
    headers: platform.headers,
    signal,
  })
  if (answer.status === 404) return 'unknown'
  if (answer.status === 403) return 'refused'
  const read = deletions.safeParse(answer.json)
  if (answer.status !== 200 || !read.success) throw refusalOf(answer, platform.now())
  const files = read.data.cdn_delete_results
  return files.length > 0 && files.every((file) => !file.exception) ? 'deleted' : 'partly'
}
