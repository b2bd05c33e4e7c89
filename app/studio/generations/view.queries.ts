import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { GenerationId } from '#core/ids/ids.ts'

/** The finer step each of these is at: that of its newest event. */
export async function phasesOf(read: ReadOrTx, ids: GenerationId[]): Promise<Map<GenerationId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await read
    .selectFrom('generation as g')
    .innerJoin('generation_event as e', (join) =>
      join.onRef('e.generation_id', '=', 'g.id').onRef('e.seq', '=', 'g.seq'),
    )
    .select(['g.id', 'e.phase'])
    .where('g.id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row.phase]))
}

/** Which of these were paid for. */
export async function capturedOf(read: ReadOrTx, ids: GenerationId[]): Promise<Set<GenerationId>> {
  if (ids.length === 0) return new Set()
  const rows = await read
    .selectFrom('credit_hold')
    .select('generation_id')
    .where('generation_id', 'in', ids)
    .where('state', '=', 'captured')
    .execute()
  return new Set(rows.map((row) => row.generation_id))
}

/** The stamps of these videos without their manifests, which are large. */
export async function stampsOf(read: ReadOrTx, ids: GenerationId[]) {
  if (ids.length === 0) return new Map()
  const rows = await read
    .selectFrom('stamp as s')
    .innerJoin('asset as a', 'a.id', 's.asset_id')
    .select(['s.generation_id', 's.public_id', 's.manifest_label', 's.signed_at', 's.engine'])
    .where('s.generation_id', 'in', ids)
    .where('a.kind', '=', 'video')
    .execute()
  return new Map(rows.map((row) => [row.generation_id, row]))
}
