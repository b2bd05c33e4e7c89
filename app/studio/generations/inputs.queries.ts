import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { AssetKind, GenerationInputTable, InputRole } from '#core/db/schema/studio.ts'
import type { GenerationId, KeyId, ReferenceId } from '#core/ids/ids.ts'

export interface GivenInput {
  role: InputRole
  reference_id: ReferenceId
  key_id: KeyId
  kind: AssetKind
  object_key: string
  media_type: string
  size: number
  width: number
  height: number
  duration_ms: number | null
}

export async function insertInputs(tx: Tx, rows: readonly GenerationInputTable[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('generation_input').values(rows).execute()
}

/** What a generation was given, with the facts of the stored file; one whose file is gone is not among them. */
export async function inputsOf(read: ReadOrTx, id: GenerationId): Promise<GivenInput[]> {
  return read
    .selectFrom('generation_input as i')
    .innerJoin('asset as a', 'a.reference_id', 'i.reference_id')
    .select([
      'i.role',
      'i.reference_id',
      'a.key_id',
      'a.kind',
      'a.object_key',
      'a.media_type',
      'a.size',
      'a.width',
      'a.height',
      'a.duration_ms',
    ])
    .where('i.generation_id', '=', id)
    .orderBy('i.role')
    .orderBy('i.position')
    .execute()
}

/** How many it was given, whether their files are still there or not. */
export async function inputCount(read: ReadOrTx, id: GenerationId): Promise<number> {
  const row = await read
    .selectFrom('generation_input')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('generation_id', '=', id)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
