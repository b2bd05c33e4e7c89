import { kindOf } from '#app/studio/catalogue/record.ts'
import type { Source } from '#compliance/provenance/manifest.ts'
import type { Json } from '#core/db/columns.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type {
  AssetKind,
  AssetTable,
  GenerationInputTable,
  GenerationSettings,
  ReferenceTable,
} from '#core/db/schema/studio.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'

/** The job that a video of the person's own came from; null of anything else, and where no provider says that it made it. */
export interface SourceJob {
  made_model: string | null
  made_settings: Json<GenerationSettings> | null
  /** The connection, and its id of the job. */
  made_provider: string | null
  made_job: string | null
  /** When the connection took it. */
  made_at: number | null
}

/** A stored file that a video is made from. */
export interface SourceFile extends SourceJob, Omit<StoredFile, 'kind'> {
  kind: ReferenceTable['kind']
}

type StoredFile = Pick<
  AssetTable,
  'subject_id' | 'key_id' | 'kind' | 'object_key' | 'media_type' | 'size' | 'width' | 'height' | 'duration_ms'
>

export interface GivenInput
  extends SourceFile,
    Pick<GenerationInputTable, 'role' | 'reference_id' | 'source_id'> {}

const columns = [
  'a.subject_id',
  'a.key_id',
  'a.kind',
  'a.object_key',
  'a.media_type',
  'a.size',
  'a.width',
  'a.height',
  'a.duration_ms',
  'g.model as made_model',
  'g.settings as made_settings',
  't.provider as made_provider',
  't.provider_job as made_job',
  't.accepted_at as made_at',
] as const

export async function insertInputs(tx: Tx, rows: readonly GenerationInputTable[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('generation_input').values(rows).execute()
}

/** What a generation was given, with the facts of the stored file; one whose file is gone is not among them. */
export async function inputsOf(read: ReadOrTx, id: GenerationId): Promise<GivenInput[]> {
  const rows = await read
    .selectFrom('generation_input as i')
    .leftJoin('generation as g', 'g.id', 'i.source_id')
    .innerJoin('asset as a', (join) =>
      join.on((e) =>
        e.or([
          e('a.reference_id', '=', e.ref('i.reference_id')),
          e.and([e('a.generation_id', '=', e.ref('g.id')), e('a.kind', '=', 'video')]),
        ]),
      ),
    )
    .leftJoin('attempt as t', (join) =>
      join.onRef('t.generation_id', '=', 'g.id').on('t.state', '=', 'succeeded'),
    )
    .select(['i.role', 'i.reference_id', 'i.source_id', 'g.state as source_state', ...columns])
    .where('i.generation_id', '=', id)
    .orderBy('i.role')
    .orderBy('i.position')
    .execute()
  return rows
    .filter(({ source_id, source_state }) => source_id === null || source_state === 'ready')
    .map(asGiven)
}

/** A video that is ready, by its generation's id and owner: somebody else's is not there. */
export async function ownVideo(
  read: ReadOrTx,
  subject: SubjectId,
  id: GenerationId,
): Promise<SourceFile | undefined> {
  const row = await read
    .selectFrom('generation as g')
    .innerJoin('asset as a', 'a.generation_id', 'g.id')
    .leftJoin('attempt as t', (join) =>
      join.onRef('t.generation_id', '=', 'g.id').on('t.state', '=', 'succeeded'),
    )
    .select(columns)
    .where('g.id', '=', id)
    .where('g.subject_id', '=', subject)
    .where('g.state', '=', 'ready')
    .where('a.kind', '=', 'video')
    .executeTakeFirst()
  return row && asGiven(row)
}

/** A video from here is given as a clip; posters and previews are not given. */
function asGiven<Row extends { kind: AssetKind }>(row: Row) {
  return { ...row, kind: row.kind === 'video' ? 'clip' : (row.kind as ReferenceTable['kind']) }
}

/** What a generation was made from, as its manifest says it; the type is missing where the file is not there any more. */
export async function sourcesOf(read: ReadOrTx, id: GenerationId): Promise<Source[]> {
  const rows = await read
    .selectFrom('generation_input as i')
    .leftJoin('asset as a', (join) =>
      join.on((e) =>
        e.or([
          e('a.reference_id', '=', e.ref('i.reference_id')),
          e.and([e('a.generation_id', '=', e.ref('i.source_id')), e('a.kind', '=', 'video')]),
        ]),
      ),
    )
    .select(['i.role', 'i.source_id', 'a.media_type'])
    .where('i.generation_id', '=', id)
    .orderBy('i.role')
    .orderBy('i.position')
    .execute()
  return rows.map(({ role, source_id, media_type }) => ({
    kind: source_id === null ? kindOf[role] : 'own_video',
    ...(media_type !== null && { format: media_type }),
  }))
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
