import type { House } from '#app/house.ts'
import * as studio from '#app/studio/generations/generations.queries.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { accessOf } from '#core/actor.ts'
import { MINUTE } from '#core/clock/clock.ts'
import type { AssetTable } from '#core/db/schema/studio.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import type { OpenedObject } from '#core/storage/sealed-store.ts'
import { contentGone, generationRow } from './generations.ts'
import { openAsStaff } from './open-as-staff.ts'
import { nothingThere, type Staff } from './staff.ts'
import * as queries from './video.queries.ts'

/**
 * Staff watch a person's video inside the console only: no link is made that would work without their own session. A
 * reason opens it for some minutes, to this person alone; each piece the browser then asks for is an opening of its own.
 */
const watchFor = 10 * MINUTE

export async function revealVideo(house: House, actor: Staff, id: string, reason: string): Promise<void> {
  const row = await generationRow(house.db, id)
  await videoOf(house, row.id)
  const target = { kind: 'generation', id: row.id }
  const entry = await prepareEntry(house, { actor, act: 'video.revealed', target, note: reason })
  await house.db.transaction((tx) => appendAudit(tx, entry))
}

/** The file's row, for somebody who gave a reason lately. Throws 404 for everybody else, as for a video that is not there. */
export async function watchable(house: House, actor: Staff, id: string): Promise<AssetTable> {
  const row = await generationRow(house.db, id)
  const since = house.clock.now() - watchFor
  if (!(await queries.revealedSince(house.db.read, { actor: actor.id, generation: row.id, since })))
    throw nothingThere()
  return videoOf(house, row.id)
}

/** Opens it for one answer, recorded as `video.watched`. Throws `content_gone` when it was removed meanwhile. */
export async function openVideo(house: House, actor: Staff, asset: AssetTable): Promise<OpenedObject> {
  const target = { kind: 'generation', id: asset.generation_id ?? '' }
  const access = accessOf(actor, 'generation.reveal', asset.subject_id)
  return openAsStaff(house, { actor, act: 'video.watched', target }, async (keyring) => {
    const key = (await keyring.open([asset.key_id], access)).get(asset.key_id)
    if (!key) throw contentGone()
    return house.store.open(asset.object_key, async () => key.bytes, { expectedSize: asset.size })
  })
}

async function videoOf({ db }: House, id: GenerationId): Promise<AssetTable> {
  const video = (await studio.assetsOf(db.read, [id])).find((asset) => asset.kind === 'video')
  if (!video) throw contentGone()
  return video
}
