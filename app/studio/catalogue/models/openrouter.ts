/**
 * Routes by OpenRouter, which hands jobs on to whoever runs a model. What each takes and costs is from its own list
 * (openrouter.ai/api/v1/videos/models, 2026-08).
 */
import type { ModelRecord } from '../record.ts'

type Route = ModelRecord['routes'][number]

/** Shapes it lists; none of its models follows a picture's. */
const shaped = "aspect_ratio != 'auto'"
/** It speaks of references as pictures; whether clips and sounds are taken, its list does not say. */
const picturesOnly = 'images == references'

/** @param rest `takes` is beside what holds for all: a shape is given, and what is shown are pictures */
export function openRouter(
  model: string,
  { takes, ...rest }: Pick<Route, 'cost' | 'modes' | 'resolutions' | 'takes'>,
  endpoint: Route['endpoint'] = {},
): Route {
  return {
    id: 'openrouter',
    provider: 'openrouter',
    endpoint: { model, ...endpoint },
    modes: ['text', 'first_frame', 'first_last_frame'],
    takes: [shaped, picturesOnly, ...(takes ? [takes] : [])].join(' and '),
    ...rest,
  }
}
