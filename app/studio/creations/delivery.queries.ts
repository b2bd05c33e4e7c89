import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'

export type FileKind = 'video' | 'poster' | 'preview'

/**
 * A file that may be delivered: of a ready generation of an active account, with what its stamp says of it. `owner` is
 * left out only where a signed link has been checked.
 */
export async function deliverable(
  read: ReadOrTx,
  id: GenerationId,
  kind: FileKind,
  owner: SubjectId | undefined,
) {
  let query = read
    .selectFrom('asset as a')
    .innerJoin('generation as g', 'g.id', 'a.generation_id')
    .innerJoin('subject as s', 's.id', 'g.subject_id')
    .leftJoin('stamp as p', 'p.asset_id', 'a.id')
    .select(['a.subject_id', 'a.key_id', 'a.object_key', 'a.media_type', 'a.size', 'a.sha256'])
    .select('p.sha256 as stamped_sha256')
    .where('a.generation_id', '=', id)
    .where('a.kind', '=', kind)
    .where('g.state', '=', 'ready')
    .where('s.status', '=', 'active')
  if (owner !== undefined) query = query.where('g.subject_id', '=', owner)
  return query.executeTakeFirst()
}
