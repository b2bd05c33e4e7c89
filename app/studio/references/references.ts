import type { House } from '#app/house.ts'
import { nothingLooks } from '#compliance/moderation/screening/look.ts'
import { type Actor, accessOf } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import type { AssetTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { isId, newId, type ReferenceId, type SubjectId } from '#core/ids/ids.ts'
import { acceptPicture, type PictureLimits, pictureLimits } from '#core/media/picture.ts'
import { insertAsset, insertScreening } from '../generations/generations.queries.ts'
import * as queries from './references.queries.ts'

/** A picture that a video is made from: decoded and encoded anew without metadata; what was sent is not kept. */
export async function addReference(
  house: House,
  subject: SubjectId,
  picture: Uint8Array,
  limits: PictureLimits = pictureLimits,
): Promise<ReferenceId> {
  const { keyring, store, clock, db } = house
  const accepted = await acceptPicture(picture, limits)
  const now = clock.now()
  const id = newId('reference', now)
  const asset = newId('asset', now)
  const key = await keyring.create({ class: 'content', subject })
  const objectKey = `references/${id}/picture`
  const stored = await store.put(objectKey, key, once(accepted.data))
  const look = nothingLooks('reference')
  await db.transaction(async (tx) => {
    await queries.insert(tx, {
      id,
      subject_id: subject,
      key_id: key.id,
      kind: 'picture',
      state: 'ready',
      error_code: null,
      created_at: now,
    })
    await insertAsset(tx, {
      id: asset,
      subject_id: subject,
      generation_id: null,
      reference_id: id,
      key_id: key.id,
      kind: 'picture',
      object_key: objectKey,
      media_type: `image/${accepted.format}`,
      size: stored.size,
      sha256: stored.sha256,
      width: accepted.width,
      height: accepted.height,
      duration_ms: null,
      created_at: now,
    })
    await insertScreening(tx, {
      id: newId('screening', now),
      generation_id: null,
      reference_id: id,
      subject_id: subject,
      what: 'reference',
      looked_by: look.by,
      verdict: look.verdict,
      category: null,
      at: now,
    })
  })
  return id
}

/**
 * The first of the person's pictures of the last day with the same content: the given one, unless it was sent before. What
 * is left over goes with the other unused ones.
 */
export async function firstLike(
  { db, clock }: Pick<House, 'db' | 'clock'>,
  subject: SubjectId,
  id: ReferenceId,
): Promise<ReferenceId> {
  return (await queries.firstLike(db.read, subject, id, clock.now() - DAY)) ?? id
}

/** The person's own reference; somebody else's is not there. */
export async function ownReference(house: House, subject: SubjectId, id: string) {
  const row = isId('reference', id) ? await queries.own(house.db.read, subject, id) : undefined
  if (!row)
    throw new AppError('reference_unknown', say('There is no such picture. Add it again.'), { status: 404 })
  if (row.state !== 'ready')
    throw new AppError(
      'reference_not_ready',
      row.state === 'receiving'
        ? say('A file is still being read. Wait a moment and try again.')
        : say('A file could not be read. Remove it and choose another.'),
      { status: 409 },
    )
  const asset = await queries.fileOf(house.db.read, row.id)
  if (!asset) throw referenceGone()
  return { row, asset }
}

/** The plain bytes of a reference. Throws `reference_gone` when its key was destroyed. */
export async function readReference(
  house: House,
  id: ReferenceId,
  actor: Actor,
  purpose: string,
): Promise<{ mediaType: string; bytes: AsyncIterable<Uint8Array>; size: number }> {
  const asset = await queries.fileOf(house.db.read, id)
  if (!asset) throw referenceGone()
  const bytes = await openFile(house, asset, actor, purpose)
  return { mediaType: asset.media_type, bytes, size: asset.size }
}

/** The plain bytes of a stored file that something is made from. Throws `reference_gone` when its key was destroyed. */
export async function openFile(
  { keyring, store }: Pick<House, 'keyring' | 'store'>,
  file: Pick<AssetTable, 'subject_id' | 'key_id' | 'object_key' | 'size'>,
  actor: Actor,
  purpose: string,
): Promise<AsyncIterable<Uint8Array>> {
  const access = accessOf(actor, purpose, file.subject_id)
  const key = (await keyring.open([file.key_id], access)).get(file.key_id)
  if (!key) throw referenceGone()
  return (await store.open(file.object_key, async () => key.bytes, { expectedSize: file.size })).read()
}

export function referenceGone(): AppError {
  return new AppError('reference_gone', say('This file is gone. Choose another one.'), { status: 410 })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
