import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Workshop } from '#app/house.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { ProviderError } from '#app/studio/providers/provider-errors.ts'
import { looked, nothingLooks } from '#compliance/moderation/screening/look.ts'
import { type Stamped, type StampJob, stamp } from '#compliance/provenance/stamp.ts'
import { accessOf, system } from '#core/actor.ts'
import { SECOND } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import type { AssetTable, GenerationTable } from '#core/db/schema/studio.ts'
import { newId } from '#core/ids/ids.ts'
import { deliverable, isCutShort } from '#core/media/clip.ts'
import { posterOf, previewOf } from '#core/media/picture.ts'
import { type Probe, probe } from '#core/media/probe.ts'
import { advance, goesAt } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import * as queries from './generations.queries.ts'
import { sourcesOf } from './inputs.queries.ts'

export interface ToFinish {
  row: GenerationTable
  model: ModelRecord
  /** The plain file that the provider made. */
  path: string
  workDir: string
  /** Made elsewhere: then it is freed of what the provider wrote beside the pictures, and made fit for every browser. */
  fromOutside: boolean
}

/** A file that is to be stored, with the statement that was put into it. */
interface Signed {
  kind: AssetTable['kind']
  path: string
  mediaType: string
  size: Size
  stamped: Stamped
}

/**
 * From the provider's file to something its owner can have: probe, screen, stamp, seal, and only then ready. The names
 * of the stored objects follow from the generation, so doing it again after a crash overwrites and leaves nothing over.
 */
export async function finish(workshop: Workshop, job: ToFinish, signal: AbortSignal): Promise<void> {
  const { row } = job
  const given = await probe(workshop.tools, job.path, { signal })
  const ready = await readyToStamp(workshop, job, given, signal)
  const look = await looked('output', 'nothing', () => nothingLooks('output'))
  const publicId = randomBytes(16).toString('base64url')
  const files = await signedFiles(workshop, job, ready, publicId, signal)
  const access = accessOf(system('worker'), 'generation.run', row.subject_id)
  const key = await workshop.keyring.openOne(row.key_id, access)
  const made: Made[] = []
  for (const { kind, path, mediaType, size, stamped } of files) {
    const objectKey = `generations/${row.id}/${kind}`
    const stored = await workshop.store.put(objectKey, key, createReadStream(path), { signal })
    const now = workshop.clock.now()
    const asset: AssetTable = {
      id: newId('asset', now),
      subject_id: row.subject_id,
      generation_id: row.id,
      reference_id: null,
      key_id: row.key_id,
      kind,
      object_key: objectKey,
      media_type: mediaType,
      size: stored.size,
      sha256: stored.sha256,
      width: size.width,
      height: size.height,
      duration_ms: size.durationMs ?? null,
      created_at: now,
    }
    made.push({ asset, stamped })
  }
  signal.throwIfAborted()
  await becomeReady(workshop, row, { made, publicId, look })
}

/**
 * The video, and the poster and preview that are made of it, each with its own statement: a preview is the whole of a short
 * video, and whoever has its link can keep it. One after the other, for which one child of the engine is enough.
 */
async function signedFiles(
  workshop: Workshop,
  { row, model, path: givenPath, workDir }: ToFinish,
  { path, facts, since }: Ready,
  publicId: string,
  signal: AbortSignal,
): Promise<Signed[]> {
  const { tools, config, clock, db } = workshop
  const says = {
    publicId,
    verifyUrl: new URL(`/v/${publicId}`, config.appUrl).href,
    siteHost: config.appUrl.hostname,
    model: { name: model.name, version: model.version, kind: model.kind },
    createdAt: clock.now(),
    trainingAllowed: false,
  }
  const put = async (name: string, job: Pick<StampJob, 'inPath' | 'original' | 'madeFrom'>) => {
    const outPath = join(workDir, name)
    const stamped = await stamp(workshop.engine, workshop.authority, { ...says, ...job, outPath })
    signal.throwIfAborted()
    return { path: outPath, stamped }
  }
  const video = await put('stamped.mp4', {
    inPath: path,
    madeFrom: await sourcesOf(db.read, row.id),
    ...(since && { original: { path: givenPath, since } }),
  })
  const [posterPath, previewPath] = [join(workDir, 'poster.webp'), join(workDir, 'preview.mp4')]
  const posterSize = await posterOf(tools, video.path, facts.durationMs * 0.35, posterPath, { signal })
  await previewOf(tools, video.path, previewPath, { signal })
  const previewSize = await probe(tools, previewPath, { signal })
  const original = { path: video.path, since: 'transcoded' } as const
  const poster = await put('stamped-poster.webp', { inPath: posterPath, original })
  const preview = await put('stamped-preview.mp4', { inPath: previewPath, original })
  return [
    { kind: 'video', mediaType: 'video/mp4', size: facts, ...video },
    { kind: 'poster', mediaType: 'image/webp', size: posterSize, ...poster },
    { kind: 'preview', mediaType: 'video/mp4', size: previewSize, ...preview },
  ]
}

interface Ready {
  path: string
  facts: Probe
  since?: 'repackaged' | 'transcoded'
}

/**
 * Shares of a length below which a video is broken. Of what its own header says: copying drops nothing, and rounds by a frame
 * or two. Of what was asked for: models make frames in steps (of eight, often), servers of one's own take the length for a
 * wish, and who extends may count its overlap.
 */
const LEAST_OF_HEADER = 0.95
const LEAST_OF_ASKED = 0.8

async function readyToStamp(
  { tools }: Workshop,
  job: ToFinish,
  given: Probe,
  signal: AbortSignal,
): Promise<Ready> {
  if (!job.fromOutside) return { path: job.path, facts: given }
  if (await isCutShort(job.path)) throw broken('cut short')
  const path = join(job.workDir, 'deliverable.mp4')
  await deliverable(tools, job.path, given, path, { signal })
  const facts = await probe(tools, path, { signal })
  if (facts.durationMs < LEAST_OF_HEADER * given.durationMs) throw broken('cut short')
  const askedMs = fromJson(job.row.settings).seconds * SECOND
  if (facts.durationMs < LEAST_OF_ASKED * askedMs) throw broken('too short')
  const same = facts.videoCodec === given.videoCodec && facts.audioCodec === given.audioCodec
  return { path, facts, since: same ? 'repackaged' : 'transcoded' }
}

/** Fetched again while there are tries left: what broke off on its way may be whole at the provider. */
function broken(why: string): ProviderError {
  return new ProviderError('result_expired', { providerCode: why })
}

type Size = Pick<Probe, 'width' | 'height'> & { durationMs?: number }

/** A stored file and its statement. */
interface Made {
  asset: AssetTable
  stamped: Stamped
}

async function becomeReady(
  { db, clock, config }: Workshop,
  row: GenerationTable,
  { made, publicId, look }: { made: Made[]; publicId: string; look: Awaited<ReturnType<typeof looked>> },
): Promise<void> {
  const now = clock.now()
  await db.transaction(async (tx) => {
    const blocked = look.verdict === 'block'
    const moved = await advance(tx, row.id, blocked ? 'block' : 'finish', now, {
      expires_at: goesAt({ clock, config }),
      error_code: blocked ? 'output_refused' : null,
    })
    // Cancelled or timed out a moment ago: the objects lie under a key that goes with the row.
    if (!moved) return
    for (const { asset, stamped } of made) {
      await queries.insertAsset(tx, asset)
      await queries.insertStamp(tx, {
        asset_id: asset.id,
        generation_id: row.id,
        subject_id: row.subject_id,
        public_id: publicId,
        manifest_label: stamped.manifestLabel,
        manifest: stamped.manifestBytes,
        sha256: stamped.sha256,
        certificate_sha256: stamped.certFingerprint,
        engine: stamped.engine,
        signed_at: now,
      })
    }
    await queries.insertScreening(tx, {
      id: newId('screening', now),
      generation_id: row.id,
      reference_id: null,
      subject_id: row.subject_id,
      what: 'output',
      looked_by: look.by,
      verdict: look.verdict,
      category: look.category ?? null,
      at: now,
    })
    const attempt = await attempts.newestAttempt(tx, row.id)
    if (attempt)
      await attempts.moveAttempt(tx, attempt.id, ['accepted'], { state: 'succeeded', ended_at: now })
  })
}
