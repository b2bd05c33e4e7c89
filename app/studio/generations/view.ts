import type { House } from '#app/house.ts'
import { paths } from '#app/paths.ts'
import { type Actor, accessOf } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import { fromJson } from '#core/db/columns.ts'
import type { GenerationTable } from '#core/db/schema/studio.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import type { GenerationId, KeyId, SubjectId } from '#core/ids/ids.ts'
import { sentenceFor } from './errors.ts'
import { isLive, statusOf } from './states.ts'
import * as queries from './view.queries.ts'
import type { GenerationView } from './view.schema.ts'

export interface ViewOptions {
  /** Who looks. Prompts are opened for their owner alone, and counted by the keyring as theirs. */
  actor: Actor
  /** Prompts that are open already, of rows that whoever looks has just made. */
  prompts?: ReadonlyMap<GenerationId, string>
  /** Where files are fetched: the studio's own addresses unless the API gives others. */
  urls?: FileUrls
}

export interface FileUrls {
  content(id: GenerationId): string
  poster(id: GenerationId): string
  preview(id: GenerationId): string
}

const studioUrls: FileUrls = {
  content: (id) => paths.media(id, 'video'),
  poster: (id) => paths.media(id, 'poster'),
  preview: (id) => paths.media(id, 'preview'),
}

type Ground = Pick<House, 'db' | 'keyring' | 'config'>

export async function generationView(
  house: Ground,
  row: GenerationTable,
  options: ViewOptions,
): Promise<GenerationView> {
  const [view] = await generationViews(house, [row], options)
  return view as GenerationView
}

/**
 * A page of rows, in their order. However many there are, each table is asked at most once and the keyring is opened
 * once; what a state already says is not asked for.
 */
export async function generationViews(
  house: Ground,
  rows: readonly GenerationTable[],
  { actor, prompts: open, urls = studioUrls }: ViewOptions,
): Promise<GenerationView[]> {
  const { read } = house.db
  const idsOf = (wanted: (row: GenerationTable) => boolean) => rows.filter(wanted).map((row) => row.id)
  const [phases, captured, stamps, prompts] = await Promise.all([
    queries.phasesOf(
      read,
      idsOf(({ state }) => statusOf(state) === 'running'),
    ),
    queries.capturedOf(
      read,
      idsOf(({ state }) => state === 'expired' || state === 'removed'),
    ),
    queries.stampsOf(
      read,
      idsOf(({ state }) => state === 'ready'),
    ),
    open ?? promptsFor(house, rows, actor),
  ])
  return rows.map((row) => {
    const ready = row.state === 'ready'
    const stamp = stamps.get(row.id)
    return {
      id: row.id,
      status: statusOf(row.state),
      phase: phases.get(row.id) ?? row.state,
      model: row.model,
      created_at: iso(row.created_at),
      ...fromJson(row.settings),
      prompt: prompts.get(row.id) ?? null,
      credits: {
        held: isLive(row.state) ? row.price : 0,
        captured: ready || captured.has(row.id) ? row.price : 0,
      },
      error: row.error_code === null ? null : errorOf(row.error_code),
      content_url: ready ? urls.content(row.id) : null,
      poster_url: ready ? urls.poster(row.id) : null,
      preview_url: ready ? urls.preview(row.id) : null,
      provenance: stamp
        ? {
            public_id: stamp.public_id,
            manifest_label: stamp.manifest_label,
            signed_at: iso(stamp.signed_at),
            engine: stamp.engine,
            record_url: new URL(paths.record(stamp.public_id), house.config.appUrl).href,
          }
        : null,
      saved: row.saved_at !== null,
      expires_at: row.expires_at === null ? null : iso(row.expires_at),
    }
  })
}

/** The prompts of the rows that belong to whoever looks and still have one. */
async function promptsFor(
  { keyring }: Ground,
  rows: readonly GenerationTable[],
  actor: Actor,
): Promise<Map<GenerationId, string>> {
  const owner = ownerOf(actor)
  const theirs = rows.filter((row) => row.subject_id === owner && row.prompt_sealed !== '')
  if (owner === undefined || theirs.length === 0) return new Map()
  const keys: Map<KeyId, ThingKey> = await keyring.open(
    theirs.map((row) => row.key_id),
    accessOf(actor, 'generation.read', owner),
  )
  const found = new Map<GenerationId, string>()
  for (const row of theirs) {
    const key = keys.get(row.key_id)
    // Its key was destroyed a moment ago: then it has gone, and says so at the next look.
    if (!key) continue
    const place = { table: 'generation', column: 'prompt_sealed', row: row.id }
    found.set(row.id, unsealText(key, place, row.prompt_sealed))
  }
  return found
}

function ownerOf(actor: Actor): SubjectId | undefined {
  if (actor.kind === 'person') return actor.id
  return actor.kind === 'api_key' ? actor.subject : undefined
}

const english = translatorFor('en')

function errorOf(code: string): { code: string; message: string } {
  return { code, message: english.t(sentenceFor(code)) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
