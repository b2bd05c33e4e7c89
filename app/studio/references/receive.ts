import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { House, Workshop } from '#app/house.ts'
import { nothingLooks } from '#compliance/moderation/screening/look.ts'
import { accessOf, system } from '#core/actor.ts'
import type { AssetTable, ReferenceTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { isId, newId, type ReferenceId, type SubjectId } from '#core/ids/ids.ts'
import { acceptClip, acceptSound, clipLimits, soundLimits } from '#core/media/clip.ts'
import { codeOf } from '../generations/errors.ts'
import { insertAsset, insertScreening } from '../generations/generations.queries.ts'
import type { RunContext } from '../generations/run.ts'
import * as queries from './references.queries.ts'

export type MediaKind = 'clip' | 'sound'

/**
 * Takes a clip or sound as it arrives, sealed at once. The web process does not look into it: the worker decodes it, encodes
 * it anew without metadata, and deletes what was sent (`acceptMedia`). Throws `reference_too_large` while it arrives.
 */
export async function receiveMedia(
  house: House,
  subject: SubjectId,
  kind: MediaKind,
  body: AsyncIterable<Uint8Array>,
): Promise<ReferenceId> {
  const { keyring, store, clock, db, queue } = house
  const now = clock.now()
  const id = newId('reference', now)
  const key = await keyring.create({ class: 'content', subject })
  const most = kind === 'clip' ? clipLimits.maxBytes : soundLimits.maxBytes
  await store.put(sentKey(id), key, capped(body, most), { digest: false })
  await db.transaction(async (tx) => {
    await queries.insert(tx, {
      id,
      subject_id: subject,
      key_id: key.id,
      kind,
      state: 'receiving',
      error_code: null,
      created_at: now,
    })
    await queue.enqueue(tx, {
      queue: 'reference.accept',
      payload: { reference_id: id },
      dedupeKey: id,
      subject,
    })
  })
  queue.wake()
  return id
}

export interface ReferenceState {
  id: ReferenceId
  kind: ReferenceTable['kind']
  state: ReferenceTable['state']
  /** Of clips and sounds that are ready. */
  seconds: number | null
  /** Why it was refused. */
  reason: Sentence | null
}

/** How far a reference of this person is. Throws 404 for somebody else's. */
export async function referenceState(
  { db }: Pick<House, 'db'>,
  subject: SubjectId,
  id: string | undefined,
): Promise<ReferenceState> {
  const row = isId('reference', id) ? await queries.own(db.read, subject, id) : undefined
  if (!row)
    throw new AppError('reference_unknown', say('There is no such file. Add it again.'), { status: 404 })
  const file = row.state === 'ready' ? await queries.fileOf(db.read, row.id) : undefined
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    seconds: file?.duration_ms ? file.duration_ms / 1000 : null,
    reason: row.error_code === null ? null : reasonFor(row.error_code),
  }
}

/**
 * In the worker. May run again after a crash: what it stores has one name, and what was sent goes last, also when a run before
 * this one ended in between. At the last try it is refused, so that nobody waits for what will not come.
 */
export async function acceptMedia(workshop: Workshop, id: ReferenceId, context: RunContext): Promise<void> {
  const row = await queries.any(workshop.db.read, id)
  if (row?.kind === 'picture') return
  if (row?.state === 'receiving') await receiveOne(workshop, row, context)
  await workshop.store.delete(sentKey(id))
}

async function receiveOne(
  workshop: Workshop,
  row: ReferenceTable,
  { signal, lastAttempt }: RunContext,
): Promise<void> {
  const workDir = join(workshop.scratch, row.id)
  try {
    await rm(workDir, { recursive: true, force: true })
    await mkdir(workDir, { recursive: true, mode: 0o700 })
    await settle(workshop, row, await encoded(workshop, row, workDir, signal))
  } catch (error) {
    signal.throwIfAborted()
    const code = codeOf(error)
    // Only what the file itself is to blame for ends it at once; anything else is tried again.
    if (!isFault(code) && !lastAttempt) throw error
    if (!isFault(code))
      workshop.log.error('A file could not be taken in, and is given up', { reference: row.id, code, error })
    await refuse(workshop, row, code)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function encoded(
  workshop: Workshop,
  row: ReferenceTable,
  workDir: string,
  signal: AbortSignal,
): Promise<AssetTable> {
  const { keyring, store, clock, tools } = workshop
  const access = accessOf(system('worker'), 'reference.accept', row.subject_id)
  const key = await keyring.openOne(row.key_id, access)
  const [sent, out] = [join(workDir, 'sent'), join(workDir, 'out')]
  const opened = await store.open(sentKey(row.id), async () => key.bytes)
  await pipeline(opened.read(), createWriteStream(sent, { mode: 0o600 }), { signal })
  const clip = row.kind === 'clip'
  const facts = clip
    ? await acceptClip(tools, sent, out, { signal })
    : { ...(await acceptSound(tools, sent, out, { signal })), width: 0, height: 0 }
  const objectKey = `references/${row.id}/${row.kind}`
  const stored = await store.put(objectKey, key, createReadStream(out), { signal })
  const now = clock.now()
  return {
    id: newId('asset', now),
    subject_id: row.subject_id,
    generation_id: null,
    reference_id: row.id,
    key_id: row.key_id,
    kind: clip ? 'clip' : 'sound',
    object_key: objectKey,
    media_type: clip ? 'video/mp4' : 'audio/mpeg',
    size: (await stat(out)).size,
    sha256: stored.sha256,
    width: facts.width,
    height: facts.height,
    duration_ms: facts.durationMs,
    created_at: now,
  }
}

async function settle({ db, clock }: Workshop, row: ReferenceTable, asset: AssetTable): Promise<void> {
  const look = nothingLooks('reference')
  await db.transaction(async (tx) => {
    if (!(await queries.settle(tx, row.id, { state: 'ready', error_code: null }))) return
    await insertAsset(tx, asset)
    await insertScreening(tx, {
      id: newId('screening', clock.now()),
      generation_id: null,
      reference_id: row.id,
      subject_id: row.subject_id,
      what: 'reference',
      looked_by: look.by,
      verdict: look.verdict,
      category: null,
      at: clock.now(),
    })
  })
}

async function refuse({ db }: Workshop, row: ReferenceTable, code: string): Promise<void> {
  await db.transaction((tx) => queries.settle(tx, row.id, { state: 'refused', error_code: code }))
}

/** What the file is to blame for. */
const reasons: Readonly<Record<string, Sentence>> = {
  media_failed: say('This file cannot be read. Use an MP4, MOV or WebM clip, or an MP3, WAV or M4A sound.'),
  media_too_large: say('This file is too long or too large. A clip may have 60 seconds, a sound 120.'),
  media_timeout: say('Reading this file took too long. Use a shorter one.'),
}

function isFault(code: string): boolean {
  return code in reasons
}

function reasonFor(code: string): Sentence {
  return reasons[code] ?? say('The server could not take this file in. Add it again later.')
}

function sentKey(id: ReferenceId): string {
  return `references/${id}/sent`
}

async function* capped(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of body) {
    size += piece.byteLength
    if (size > most)
      throw new AppError(
        'reference_too_large',
        say('This file is larger than {megabytes} MB.', { megabytes: Math.floor(most / 1024 / 1024) }),
        { status: 413 },
      )
    yield piece
  }
  if (size === 0) throw new AppError('reference_empty', say('This file is empty.'), { status: 422 })
}
