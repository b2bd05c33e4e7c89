/** What a server lists: OpenRouter its video models with prices, all others the models they serve. */
import { z } from 'zod'
import type { Offer } from '../provider.ts'
import type { Settings } from './settings.ts'

export function listPath(style: Settings['style']): string {
  return style === 'openrouter' ? '/videos/models' : '/models'
}

const listing = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      pricing_skus: z.record(z.string(), z.union([z.string(), z.number()])).nullish(),
    }),
  ),
})
/** SGLang's own listing, of its only model. */
const single = z.object({ model_path: z.string() })

/** `undefined` when the body is no list of models. */
export function offersIn(json: unknown): Offer[] | undefined {
  const one = single.safeParse(json)
  if (one.success) return [{ id: one.data.model_path }]
  return listing.safeParse(json).data?.data.map(({ id, name, pricing_skus }) => ({
    id,
    ...(name ? { title: name } : {}),
    ...(pricing_skus ? { price: priceText(pricing_skus) } : {}),
  }))
}

/** In a fixed order, so that only a change of prices is one. */
function priceText(skus: Readonly<Record<string, string | number>>): string {
  return Object.entries(skus)
    .map(([name, price]) => `${name} ${price}`)
    .sort()
    .join(', ')
}
