/**
 * Looks for texts in what is really stored: the bytes of the database's files, its log, the log files, the scratch folder and
 * whatever else lies in the data folder, such as copies of the database; on PostgreSQL, whose files are another machine's,
 * in every row as text. What was sealed cannot be found there, nor what somebody packed.
 */
import { open, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import type { Evidence, PromiseGround } from './promise.ts'

/** How much one run looks at, of the database's file, of other files, of each table's blocks of 8 KiB; the next goes on behind. */
const bytesInOneRun = 512 * 1024 * 1024
const blocksInOneRun = 8192
const STEP = 4 * 1024 * 1024
const BLOCKS = 128

export interface RawSearch {
  /** Places where something was found: kinds of file or names of tables, never what was found. */
  found: string[]
  evidence: Evidence
}

/** True for a piece of raw text (as latin-1) that holds what is looked for. `overlap` bytes reach over the edge of a step. */
export interface Sought {
  in(text: string): boolean | Promise<boolean>
  overlap: number
}

export async function searchRaw(
  ground: PromiseGround,
  sought: Sought,
  previous: Evidence,
): Promise<RawSearch> {
  const files = await searchFolders(ground, sought)
  const beside = await searchBeside(ground, sought, previous)
  const database =
    ground.db.dialect === 'sqlite'
      ? await searchDatabaseFile(ground.db.location, sought, previous)
      : await searchRows(ground, sought, previous)
  return {
    found: [...files.found, ...beside.found, ...database.found],
    evidence: {
      ...database.evidence,
      ...beside.evidence,
      other_files: files.files,
      other_bytes: files.bytes,
    },
  }
}

async function searchFolders({ folders }: PromiseGround, sought: Sought) {
  const found = new Set<string>()
  let files = 0
  let bytes = 0
  for (const [kind, folder] of Object.entries(folders)) {
    for (const path of await filesIn(folder)) {
      const size = await sizeOf(path)
      files += 1
      bytes += size
      if (await isIn(path, 0, size, sought)) found.add(kind)
    }
  }
  return { found: [...found], files, bytes }
}

/** The data folder without what is looked at elsewhere: database, logs, scratch, and the sealed files, which are opened. */
async function searchBeside(ground: PromiseGround, sought: Sought, previous: Evidence) {
  const { config, folders, db } = ground
  const elsewhere = new Set(
    [...Object.values(folders), db.location, `${db.location}-wal`, `${db.location}-shm`].map((path) =>
      resolve(path),
    ),
  )
  if (config.storage.kind === 'local') elsewhere.add(resolve(config.storage.dir))
  const paths = (await filesIn(config.dataDir, (path) => elsewhere.has(resolve(path)))).sort()
  const files = await Promise.all(paths.map(async (path) => ({ path, size: await sizeOf(path) })))
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const kept = previous.next_beside
  const from = typeof kept === 'number' && kept < bytes ? kept : 0
  const to = Math.min(bytes, from + bytesInOneRun)
  let there = false
  let start = 0
  for (const { path, size } of files) {
    const [first, last] = [Math.max(0, from - start), Math.min(size, to - start)]
    if (!there && first < last) there = await isIn(path, first, last, sought)
    start += size
  }
  // What was found is looked at again, until it is gone.
  const next = there ? from : to < bytes ? Math.max(from, to - sought.overlap) : 0
  return {
    found: there ? ['data folder'] : [],
    evidence: {
      beside_files: files.length,
      beside_bytes: bytes,
      beside_bytes_read: to - from,
      next_beside: next,
    },
  }
}

async function searchDatabaseFile(path: string, sought: Sought, previous: Evidence) {
  const found: string[] = []
  const log = await sizeOf(`${path}-wal`)
  if (await isIn(`${path}-wal`, 0, log, sought)) found.push('database log')
  const size = await sizeOf(path)
  const from = typeof previous.next_byte === 'number' && previous.next_byte < size ? previous.next_byte : 0
  const to = Math.min(size, from + bytesInOneRun)
  const there = await isIn(path, from, to, sought)
  if (there) found.push('database')
  // What was found is looked at again, until it is gone.
  const next = there ? from : to < size ? to - sought.overlap : 0
  return {
    found,
    evidence: { database_bytes: size, database_bytes_read: to - from, log_bytes_read: log, next_byte: next },
  }
}

/** Each row is turned into its text by the server and looked at here, by ranges of the table's blocks. */
async function searchRows({ db }: PromiseGround, sought: Sought, previous: Evidence) {
  const found: string[] = []
  let blocksRead = 0
  const cursors: Evidence = {}
  const tables = await tablesOf(db.read)
  for (const { table, name, blocks } of tables) {
    const kept = previous[`next_${name}`]
    const from = typeof kept === 'number' && kept < blocks ? kept : 0
    const to = Math.min(blocks, from + blocksInOneRun)
    let there = false
    for (let at = from; at < to && !there; at += BLOCKS) {
      const text = await textOf(db.read, table, at, Math.min(to, at + BLOCKS))
      there = text !== '' && (await sought.in(text))
    }
    blocksRead += to - from
    if (there) found.push(name)
    // What was found is looked at again, until it is gone.
    if (there && from > 0) cursors[`next_${name}`] = from
    else if (!there && to < blocks) cursors[`next_${name}`] = to
  }
  return { found, evidence: { tables: tables.length, blocks_read: blocksRead, ...cursors } }
}

/** Every table of the database, those of the queue's engine and of whoever else writes there among them. */
async function tablesOf(read: PromiseGround['db']['read']) {
  const { rows } = await sql<{ schema: string; name: string; own: boolean; blocks: number }>`
    select n.nspname as schema, c.relname as name, n.nspname = current_schema() as own,
      (pg_relation_size(c.oid) / current_setting('block_size')::bigint)::bigint as blocks
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and has_table_privilege(c.oid, 'select')
    order by 1, 2`.execute(read as never)
  return rows.map(({ schema, name, own, blocks }) => ({
    table: sql.id(schema, name),
    name: own ? name : `${schema}.${name}`,
    blocks: Number(blocks),
  }))
}

async function textOf(
  read: PromiseGround['db']['read'],
  table: ReturnType<typeof sql.id>,
  from: number,
  to: number,
) {
  const { rows } = await sql<{ text: string }>`select r::text as text from ${table} as r
    where r.ctid >= ${`(${from},0)`}::tid and r.ctid < ${`(${to},0)`}::tid`.execute(read as never)
  return rows.map(({ text }) => text).join('\n')
}

async function isIn(path: string, from: number, to: number, sought: Sought): Promise<boolean> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!file) return false
  try {
    const buffer = Buffer.allocUnsafe(STEP + sought.overlap)
    for (let at = from; at < to; at += STEP) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at)
      if (bytesRead === 0) return false
      if (await sought.in(buffer.toString('latin1', 0, bytesRead))) return true
    }
    return false
  } finally {
    await file.close()
  }
}

/** Files below a folder, without what is to be left out; none when it is not there. One that goes meanwhile held nothing that stays. */
async function filesIn(folder: string, leftOut: (path: string) => boolean = () => false): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (leftOut(path)) continue
    if (entry.isFile()) files.push(path)
    else if (entry.isDirectory()) files.push(...(await filesIn(path, leftOut)))
  }
  return files
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
