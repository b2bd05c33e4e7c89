import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'

/** Did this person give a reason for this video since `since`? */
export async function revealedSince(
  read: ReadOrTx,
  which: { actor: SubjectId; generation: GenerationId; since: number },
): Promise<boolean> {
  const row = await read
    .selectFrom('audit')
    .select('seq')
    .where('target_id', '=', which.generation)
    .where('act', '=', 'video.revealed')
    .where('actor_id', '=', which.actor)
    .where('at', '>=', which.since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
