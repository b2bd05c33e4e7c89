import { keptQuery } from '#core/db/kept-query.ts'
import type { Read } from '#core/db/schema/schema.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'

export type FileKind = 'video' | 'poster' | 'preview'

const ofGeneration = keptQuery((read, given: { id: GenerationId; kind: FileKind }) =>
  read
    .selectFrom('asset as a')
    .innerJoin('generation as g', 'g.id', 'a.generation_id')
    .innerJoin('subject as s', 's.id', 'g.subject_id')
    .leftJoin('stamp as p', 'p.asset_id', 'a.id')
    .select(['g.subject_id', 'a.key_id', 'a.object_key', 'a.media_type', 'a.size', 'a.sha256'])
    .select('p.sha256 as stamped_sha256')
    .where('a.generation_id', '=', given.id)
    .where('a.kind', '=', given.kind)
    .where('g.state', '=', 'ready')
    .where('s.status', '=', 'active'),
)

/**
 * A file that may be delivered: of a ready generation of an active account, with what its stamp says of it. `owner` is
 * left out only where a signed link has been checked.
 */
export async function deliverable(
  read: Read,
  id: GenerationId,
  kind: FileKind,
  owner: SubjectId | undefined,
) {
  const [file] = await ofGeneration(read, { id, kind })
  return owner === undefined || file?.subject_id === owner ? file : undefined
}
