import type { ApiCall } from '#app/http/api.ts'
import { paths } from '#app/paths.ts'
import type { Composed } from '#app/studio/generations/compose.ts'
import * as queries from '#app/studio/generations/generations.queries.ts'
import { unknownGeneration } from '#app/studio/generations/removal.ts'
import type { GenerationView } from '#app/studio/generations/view.schema.ts'
import { type FileUrls, generationView, generationViews } from '#app/studio/generations/view.ts'
import { HOUR } from '#core/clock/clock.ts'
import type { GenerationTable } from '#core/db/schema/studio.ts'
import { type GenerationId, isId } from '#core/ids/ids.ts'

/** The id in the address. Throws the same 404 for what is no id and for what is not there. */
export function idOf({ params }: Pick<ApiCall, 'params'>): GenerationId {
  if (!isId('generation', params.id)) throw unknownGeneration()
  return params.id
}

/** The caller's own generation as the API shows it. */
export async function shown(call: ApiCall, id: GenerationId): Promise<GenerationView> {
  const row = await queries.ownGeneration(call.house.db.read, call.key.subject, id)
  if (!row) throw unknownGeneration()
  return generationView(call.house, row, optionsFor(call))
}

/** What the caller has just made. */
export async function shownNew(call: ApiCall, { id, made }: Composed): Promise<GenerationView> {
  if (!made) return shown(call, id)
  return generationView(call.house, made.row, { ...optionsFor(call), prompts: new Map([[id, made.prompt]]) })
}

export async function shownAll(call: ApiCall, rows: GenerationTable[]): Promise<GenerationView[]> {
  return generationViews(call.house, rows, optionsFor(call))
}

function optionsFor({ house, context, key }: ApiCall) {
  return {
    actor: { kind: 'api_key', id: key.id, subject: key.subject } as const,
    urls: urlsFor(house.config.appUrl, context.links),
  }
}

/** The video by the key that asks; the small pictures by links that need none for an hour, so that a page can show them. */
function urlsFor(appUrl: URL, links: ApiCall['context']['links']): FileUrls {
  const absolute = (path: string) => new URL(path, appUrl).href
  return {
    content: (id) => absolute(contentPath(id)),
    poster: (id) => absolute(links.sign(paths.media(id, 'poster'), HOUR)),
    preview: (id) => absolute(links.sign(paths.media(id, 'preview'), HOUR)),
  }
}

export function generationPath(id: GenerationId): string {
  return `/api/v1/generations/${id}`
}

function contentPath(id: GenerationId): string {
  return `${generationPath(id)}/content`
}
