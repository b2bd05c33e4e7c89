/**
 * Looks for texts in what is really stored: the bytes of the database's files, its log, the log files and the scratch folder;
 * on PostgreSQL, whose files are another machine's, in every row as text. What was sealed cannot be found there.
 */
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { dataMap } from '../data-map/map.ts'
import type { Evidence, PromiseGround } from './promise.ts'

/** How much one run looks at, of the database's file or of each table's blocks of 8 KiB; the next goes on behind it. */
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
  const database =
    ground.db.dialect === 'sqlite'
      ? await searchDatabaseFile(ground.db.location, sought, previous)
      : await searchRows(ground, sought, previous)
  return {
    found: [...files.found, ...database.found],
    evidence: { ...database.evidence, other_files: files.files, other_bytes: files.bytes },
  }
}

async function searchFolders({ folders }: PromiseGround, sought: Sought) {
  const found: string[] = []
  let files = 0
  let bytes = 0
  for (const [kind, folder] of Object.entries(folders)) {
    for (const path of await filesIn(folder)) {
      const size = await sizeOf(path)
      files += 1
      bytes += size
      if (await isIn(path, 0, size, sought)) found.push(kind)
    }
  }
  return { found, files, bytes }
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
  for (const table of Object.keys(dataMap)) {
    const { rows } = await sql<{
      blocks: number
    }>`select (pg_relation_size(${table}::regclass) / current_setting('block_size')::bigint)::bigint as blocks`.execute(
      db.read as never,
    )
    const blocks = rows[0]?.blocks ?? 0
    const kept = previous[`next_${table}`]
    const from = typeof kept === 'number' && kept < blocks ? kept : 0
    const to = Math.min(blocks, from + blocksInOneRun)
    let there = false
    for (let at = from; at < to && !there; at += BLOCKS) {
      const text = await textOf(db.read, table, at, Math.min(to, at + BLOCKS))
      there = text !== '' && (await sought.in(text))
    }
    blocksRead += to - from
    if (there) found.push(table)
    // What was found is looked at again, until it is gone.
    if (there && from > 0) cursors[`next_${table}`] = from
    else if (!there && to < blocks) cursors[`next_${table}`] = to
  }
  return { found, evidence: { tables: Object.keys(dataMap).length, blocks_read: blocksRead, ...cursors } }
}

async function textOf(read: PromiseGround['db']['read'], table: string, from: number, to: number) {
  const { rows } = await sql<{ text: string }>`select r::text as text from ${sql.table(table)} as r
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

/** Files below a folder; none when it is not there. One that goes while we look held nothing that stays. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
