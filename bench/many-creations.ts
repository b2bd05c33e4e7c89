/**
 * A million creations, written by hand into SQLite in a minute rather than composed one by one in an hour. The first person has
 * as many as the others; what their pages read (sealed prompts, keys, stamps with manifests) is there for theirs alone.
 */
import { randomBytes } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import type { OpenedHouse } from '#app/open-house.ts'
import { SECOND } from '#core/clock/clock.ts'
import { sealText } from '#core/crypto/sealed-text.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import { toJson } from '#core/db/columns.ts'
import type { AssetTable, GenerationSettings, GenerationTable, StampTable } from '#core/db/schema/studio.ts'
import { type GenerationId, newId, type SubjectId } from '#core/ids/ids.ts'

/** As long as those of the built-in model are. */
const MANIFEST_BYTES = 4000
const KEYS_AT_ONCE = 5000
const prompt = 'Calm sea at dawn, a lone boat drifts home. Gulls pass over the quiet water.'
const settings = toJson<GenerationSettings>({
  seconds: 5,
  aspect_ratio: '16:9',
  resolution: '720p',
  audio: true,
  seed: 1,
  mode: 'text',
})

/** Writes `each` creations for everybody in `people`, in turns, the newest a moment ago. Answers those of the first, oldest first. */
export async function writeCreations(
  house: OpenedHouse,
  path: string,
  people: readonly SubjectId[],
  each: number,
): Promise<GenerationId[]> {
  const [first] = people
  if (!first) throw new Error('nobody to write for')
  const keys = await keysFor(house, first, each)
  const db = new Sqlite(path)
  try {
    // Nobody else is there yet, and a crash only means to begin anew.
    db.pragma('synchronous = OFF')
    db.pragma('foreign_keys = OFF')
    db.pragma('cache_size = -262144')
    return db.transaction(() => {
      // Filling indexes at the end, in order, takes a third of the time.
      const indexes = dropIndexes(db)
      const mine = writeOwn(db, first, keys, house.clock.now() - people.length * each * SECOND, people.length)
      copyToOthers(db, people.slice(1))
      for (const { sql } of indexes) db.exec(sql)
      return mine
    })()
  } finally {
    db.close()
  }
}

async function keysFor(house: OpenedHouse, subject: SubjectId, count: number): Promise<ThingKey[]> {
  const keys: ThingKey[] = []
  const some = Array.from({ length: KEYS_AT_ONCE }, () => ({ class: 'content' as const, subject }))
  while (keys.length < count)
    keys.push(...(await house.keyring.createMany(some.slice(0, count - keys.length))))
  return keys
}

function dropIndexes(db: Sqlite.Database): { sql: string }[] {
  const indexes = db
    .prepare(
      `select name, sql from sqlite_master where type = 'index' and tbl_name = 'generation' and sql is not null`,
    )
    .all() as { name: string; sql: string }[]
  for (const { name } of indexes) db.exec(`drop index ${name}`)
  return indexes
}

/** @param share one in how many of all creations is theirs: the times lie that far apart */
function writeOwn(
  db: Sqlite.Database,
  subject: SubjectId,
  keys: readonly ThingKey[],
  since: number,
  share: number,
): GenerationId[] {
  const insert = {
    generation: inserter<GenerationTable>(db, 'generation'),
    asset: inserter<AssetTable>(db, 'asset'),
    stamp: inserter<StampTable>(db, 'stamp'),
  }
  return keys.map((key, n) => {
    const row = aReadyRow(subject, key, since + n * share * SECOND, n % 10 === 0)
    insert.generation(row)
    const video = itsVideo(row)
    insert.asset(video)
    insert.stamp(itsStamp(row, video))
    return row.id
  })
}

/** Every creation once more for each of at most nine others: the ids differ in their last character, which is 0 so far. */
function copyToOthers(db: Sqlite.Database, others: readonly SubjectId[]): void {
  const columns = (db.pragma('table_info(generation)') as { name: string }[]).map(({ name }) => name)
  const anew: Record<string, string> = { id: 'substr(g.id, 1, 29) || o.turn', subject_id: 'o.id' }
  const copied = columns.map((name) => anew[name] ?? `g.${name}`)
  db.exec('create temp table other (turn integer, id text)')
  for (const [at, id] of others.entries()) db.prepare('insert into other values (?, ?)').run(at + 1, id)
  // `cross join` keeps the order: the new ids rise, and each insert lands beside the one before.
  db.exec(
    `insert into generation (${columns.join(', ')})
     select ${copied.join(', ')} from generation g cross join other o`,
  )
}

function aReadyRow(subject: SubjectId, key: ThingKey, at: number, saved: boolean): GenerationTable {
  const id = `${newId('generation', at).slice(0, -1)}0` as GenerationId
  return {
    id,
    subject_id: subject,
    api_key_id: null,
    key_id: key.id,
    model: 'storyboard',
    state: 'ready',
    prompt_sealed: sealText(key, { table: 'generation', column: 'prompt_sealed', row: id }, prompt),
    texts_sealed: null,
    quote: null,
    settings,
    price: 5,
    credit_hold_id: null,
    error_code: null,
    attempts: 1,
    seq: 6,
    created_at: at,
    updated_at: at,
    started_at: at,
    ended_at: at,
    deadline_at: at,
    saved_at: saved ? at : null,
    expires_at: saved ? null : at,
    expiry_told: 0,
  }
}

function itsVideo(row: GenerationTable): AssetTable {
  const sha256 = randomBytes(32).toString('hex')
  return {
    id: newId('asset', row.created_at),
    subject_id: row.subject_id,
    generation_id: row.id,
    reference_id: null,
    key_id: row.key_id,
    kind: 'video',
    object_key: `generations/${row.id}/video`,
    media_type: 'video/mp4',
    size: 1_000_000,
    sha256,
    width: 1280,
    height: 720,
    duration_ms: 5000,
    created_at: row.created_at,
  }
}

function itsStamp(row: GenerationTable, video: AssetTable): StampTable {
  return {
    asset_id: video.id,
    generation_id: row.id,
    subject_id: row.subject_id,
    public_id: randomBytes(16).toString('base64url'),
    manifest_label: `urn:c2pa:${row.id}`,
    manifest: Buffer.alloc(MANIFEST_BYTES, 1),
    sha256: video.sha256,
    certificate_sha256: video.sha256,
    engine: 'native',
    signed_at: row.created_at,
  }
}

/** Inserts rows of one table, whose columns are those of the first row. */
function inserter<Table extends object>(db: Sqlite.Database, table: string): (row: Table) => void {
  let statement: Sqlite.Statement | undefined
  const prepared = (columns: readonly string[]) =>
    db.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
  return (row) => {
    statement ??= prepared(Object.keys(row))
    statement.run(...Object.values(row))
  }
}
