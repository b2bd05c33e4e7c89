import type { House } from '#app/house.ts'
import { type OpenCall, problem, type Refusal } from '#app/http/api.ts'
import { isRetired } from '#app/studio/catalogue/live.ts'
import { DAY } from '#core/clock/clock.ts'
import { isAppError } from '#core/errors/errors.ts'

/**
 * Programs outlive models, and nobody reads a program's mail: so every answer about a model that ends, or has ended,
 * says so in its headers. `Sunset` is RFC 8594; the link leads to the list that names the replacement.
 */
export async function withEnding(
  call: Pick<OpenCall, 'house' | 'context'>,
  model: unknown,
  work: () => Promise<Response>,
  refusal: Refusal = problem,
): Promise<Response> {
  const answer = await work().catch((error: unknown) => {
    if (isAppError(error) && error.code === 'model_retired') return refusal(error, call.context)
    throw error
  })
  for (const [name, value] of Object.entries(await endingOf(call.house, model)))
    answer.headers.set(name, value)
  return answer
}

async function endingOf({ catalogue, clock, config }: House, id: unknown): Promise<Record<string, string>> {
  const model = typeof id === 'string' ? await catalogue.model(id) : undefined
  if (!model) return {}
  const { lifecycle } = model.record
  const { state, sunsetOn } = lifecycle
  if (state !== 'deprecated' && sunsetOn === undefined && !isRetired(lifecycle, clock.now())) return {}
  return {
    Deprecation: 'true',
    // It answers on that whole day, and not in the moment after.
    ...(sunsetOn === undefined ? {} : { Sunset: new Date(Date.parse(sunsetOn) + DAY).toUTCString() }),
    Link: `<${new URL('/api/v1/models', config.appUrl)}>; rel="deprecation"`,
  }
}
