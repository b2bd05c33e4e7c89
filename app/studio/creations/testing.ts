/** What tests of this folder and of its users share: a video that is ready, without anything having been rendered. */
import { createHash, randomBytes } from 'node:crypto'
import type { House } from '#app/house.ts'
import { advance, goesAt } from '#app/studio/generations/advance.ts'
import { compose } from '#app/studio/generations/compose.ts'
import * as queries from '#app/studio/generations/generations.queries.ts'
import type { AssetTable, GenerationTable } from '#core/db/schema/studio.ts'
import { type GenerationId, newId, type SubjectId } from '#core/ids/ids.ts'

export interface ReadyVideo {
  id: GenerationId
  row: GenerationTable
  video: Uint8Array
  sha256: string
}

/** Asked for, made, stamped, sealed and screened as the worker does it; `video` is any bytes. */
export async function aReadyVideo(
  house: House,
  subject: SubjectId,
  { video = randomBytes(300_000) as Uint8Array, prompt = 'A lighthouse at dawn.' } = {},
): Promise<ReadyVideo> {
  const { db, clock, keyring, store } = house
  const input = { model: 'storyboard', prompt, seconds: 2, resolution: '480p' }
  const id = await compose(house, { subject, apiKey: null }, input)
  const row = (await queries.anyGeneration(db.read, id)) as GenerationTable
  const [key] = await keyring
    .open([row.key_id], { actor: { kind: 'system', id: 'worker' }, purpose: 'generation.run', subject })
    .then((keys) => [...keys.values()])
  if (!key) throw new Error('The key is not there')
  const sha256 = createHash('sha256').update(video).digest('hex')
  const assets: AssetTable[] = []
  for (const [kind, type, bytes] of [
    ['video', 'video/mp4', video],
    ['poster', 'image/webp', randomBytes(500)],
    ['preview', 'video/mp4', randomBytes(2000)],
  ] as const) {
    const object_key = `generations/${id}/${kind}`
    const stored = await store.put(object_key, key, once(bytes))
    assets.push({
      id: newId('asset', clock.now()),
      subject_id: subject,
      generation_id: id,
      reference_id: null,
      key_id: row.key_id,
      kind,
      object_key,
      media_type: type,
      size: stored.size,
      sha256: stored.sha256,
      width: 640,
      height: 360,
      duration_ms: 2000,
      created_at: clock.now(),
    })
  }
  const now = clock.now()
  const publicId = randomBytes(16).toString('base64url')
  await db.transaction(async (tx) => {
    await house.queue.cancel(tx, { queue: 'generation.run', dedupeKey: id })
    for (const event of ['submit', 'accept', 'produce'] as const) await advance(tx, id, event, now)
    await advance(tx, id, 'finish', now, { expires_at: goesAt(house), started_at: now })
    for (const asset of assets) await queries.insertAsset(tx, asset)
    for (const asset of assets)
      await queries.insertStamp(tx, {
        asset_id: asset.id,
        generation_id: id,
        subject_id: subject,
        public_id: publicId,
        manifest_label: 'urn:c2pa:test',
        manifest: randomBytes(100),
        sha256: asset.sha256,
        certificate_sha256: randomBytes(32).toString('hex'),
        engine: 'native',
        signed_at: now,
      })
    await queries.insertScreening(tx, {
      id: newId('screening', now),
      generation_id: id,
      reference_id: null,
      subject_id: subject,
      what: 'output',
      looked_by: 'nothing',
      verdict: 'nothing_looked',
      category: null,
      at: now,
    })
  })
  return { id, row: (await queries.anyGeneration(db.read, id)) as GenerationTable, video, sha256 }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
