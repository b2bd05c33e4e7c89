import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Workshop } from '#app/house.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { looked, nothingLooks } from '#compliance/moderation/screening/look.ts'
import { type Stamped, stamp } from '#compliance/provenance/stamp.ts'
import { accessOf, system } from '#core/actor.ts'
import type { AssetTable, GenerationTable } from '#core/db/schema/studio.ts'
import { newId } from '#core/ids/ids.ts'
import { deliverable } from '#core/media/clip.ts'
import { posterOf, previewOf } from '#core/media/picture.ts'
import { type Probe, probe } from '#core/media/probe.ts'
import { advance, goesAt } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import * as queries from './generations.queries.ts'

export interface ToFinish {
  row: GenerationTable
  model: ModelRecord
  /** The plain file that the provider made. */
  path: string
  workDir: string
  hasReference: boolean
  /** Made elsewhere: then it is freed of what the provider wrote beside the pictures, and made fit for every browser. */
  fromOutside: boolean
}

/**
 * From the provider's file to something its owner can have: probe, screen, stamp, seal, and only then ready. The names
 * of the stored objects follow from the generation, so doing it again after a crash overwrites and leaves nothing over.
 */
export async function finish(workshop: Workshop, job: ToFinish, signal: AbortSignal): Promise<void> {
  const { row, model, workDir } = job
  const given = await probe(workshop.tools, job.path, { signal })
  const { path, facts, since } = await readyToStamp(workshop, job, given, signal)
  const look = await looked('output', 'nothing', () => nothingLooks('output'))
  const publicId = randomBytes(16).toString('base64url')
  const stampedPath = join(workDir, 'stamped.mp4')
  const stamped = await stamp(workshop.engine, workshop.authority, {
    inPath: path,
    outPath: stampedPath,
    ...(since ? { original: { path: job.path, since } } : {}),
    publicId,
    verifyUrl: new URL(`/v/${publicId}`, workshop.config.appUrl).href,
    siteHost: workshop.config.appUrl.hostname,
    model: { name: model.name, version: model.version, kind: model.kind },
    createdAt: workshop.clock.now(),
    trainingAllowed: false,
    reference: job.hasReference ? { format: 'image/jpeg' } : undefined,
  })
  signal.throwIfAborted()
  const posterPath = join(workDir, 'poster.webp')
  const previewPath = join(workDir, 'preview.mp4')
  const poster = await posterOf(workshop.tools, stampedPath, facts.durationMs * 0.35, posterPath, { signal })
  await previewOf(workshop.tools, stampedPath, previewPath, { signal })
  const preview = await probe(workshop.tools, previewPath, { signal })

  const access = accessOf(system('worker'), 'generation.run', row.subject_id)
  const key = await workshop.keyring.openOne(row.key_id, access)
  const store = async (
    kind: AssetTable['kind'],
    path: string,
    type: string,
    size: Size,
  ): Promise<AssetTable> => {
    const objectKey = `generations/${row.id}/${kind}`
    const stored = await workshop.store.put(objectKey, key, createReadStream(path), { signal })
    const now = workshop.clock.now()
    return {
      id: newId('asset', now),
      subject_id: row.subject_id,
      generation_id: row.id,
      reference_id: null,
      key_id: row.key_id,
      kind,
      object_key: objectKey,
      media_type: type,
      size: stored.size,
      sha256: stored.sha256,
      width: size.width,
      height: size.height,
      duration_ms: size.durationMs ?? null,
      created_at: now,
    }
  }
  const video = await store('video', stampedPath, 'video/mp4', facts)
  const others = [
    await store('poster', posterPath, 'image/webp', poster),
    await store('preview', previewPath, 'video/mp4', preview),
  ]
  signal.throwIfAborted()
  await becomeReady(workshop, row, { video, others, stamped, publicId, look })
}

async function readyToStamp(
  { tools }: Workshop,
  job: ToFinish,
  given: Probe,
  signal: AbortSignal,
): Promise<{ path: string; facts: Probe; since?: 'repackaged' | 'transcoded' }> {
  if (!job.fromOutside) return { path: job.path, facts: given }
  const path = join(job.workDir, 'deliverable.mp4')
  await deliverable(tools, job.path, given, path, { signal })
  const facts = await probe(tools, path, { signal })
  const same = facts.videoCodec === given.videoCodec && facts.audioCodec === given.audioCodec
  return { path, facts, since: same ? 'repackaged' : 'transcoded' }
}

type Size = Pick<Probe, 'width' | 'height'> & { durationMs?: number }

async function becomeReady(
  { db, clock, config }: Workshop,
  row: GenerationTable,
  made: {
    video: AssetTable
    others: AssetTable[]
    stamped: Stamped
    publicId: string
    look: Awaited<ReturnType<typeof looked>>
  },
): Promise<void> {
  const now = clock.now()
  await db.transaction(async (tx) => {
    const blocked = made.look.verdict === 'block'
    const moved = await advance(tx, row.id, blocked ? 'block' : 'finish', now, {
      expires_at: goesAt({ clock, config }),
      error_code: blocked ? 'output_refused' : null,
    })
    // Cancelled or timed out a moment ago: the objects lie under a key that goes with the row.
    if (!moved) return
    for (const asset of [made.video, ...made.others]) await queries.insertAsset(tx, asset)
    await queries.insertStamp(tx, {
      asset_id: made.video.id,
      generation_id: row.id,
      subject_id: row.subject_id,
      public_id: made.publicId,
      manifest_label: made.stamped.manifestLabel,
      manifest: made.stamped.manifestBytes,
      sha256: made.stamped.sha256,
      certificate_sha256: made.stamped.certFingerprint,
      engine: made.stamped.engine,
      signed_at: now,
    })
    await queries.insertScreening(tx, {
      id: newId('screening', now),
      generation_id: row.id,
      reference_id: null,
      subject_id: row.subject_id,
      what: 'output',
      looked_by: made.look.by,
      verdict: made.look.verdict,
      category: made.look.category ?? null,
      at: now,
    })
    const attempt = await attempts.newestAttempt(tx, row.id)
    if (attempt)
      await attempts.moveAttempt(tx, attempt.id, ['accepted'], { state: 'succeeded', ended_at: now })
  })
}
