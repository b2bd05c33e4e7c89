/** What the tests of the console share: a staff member as an actor, a finished video, a mail, the two tallies side by side. */
import { createHash } from 'node:crypto'
import { writeMail } from '#app/accounts/mails.ts'
import type { House } from '#app/house.ts'
import { paths } from '#app/paths.ts'
import { advance } from '#app/studio/generations/advance.ts'
import { insertAttempt } from '#app/studio/generations/attempts.queries.ts'
import { compose } from '#app/studio/generations/compose.ts'
import * as studio from '#app/studio/generations/generations.queries.ts'
import { accessOf, system } from '#core/actor.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { AttemptTable } from '#core/db/schema/studio.ts'
import { say } from '#core/i18n/say.ts'
import { type GenerationId, newId, type SubjectId } from '#core/ids/ids.ts'
import { insertMail } from '#core/mail/outbox.ts'
import type { Staff } from './staff.ts'

export const asStaff = (id: SubjectId, role: Staff['role']): Staff => ({ kind: 'staff', id, role })

export const prompt = 'A lighthouse keeper named Ida feeds gulls at dawn'

/** A video that waits to be made. */
export function aGeneration(house: House, subject: SubjectId): Promise<GenerationId> {
  const input = {
    model: 'storyboard',
    prompt,
    seconds: 2,
    aspect_ratio: '16:9',
    resolution: '480p',
    audio: true,
  }
  return compose(house, { subject, apiKey: null }, input)
}

/** The same, finished, with a file of `bytes` in the store. */
export async function aReadyGeneration(
  house: House,
  subject: SubjectId,
  bytes: Uint8Array,
): Promise<GenerationId> {
  const id = await aGeneration(house, subject)
  const row = await studio.anyGeneration(house.db.read, id)
  if (!row) throw new Error('The generation is not there')
  const key = await house.keyring.openOne(row.key_id, accessOf(system('test'), 'test', subject))
  const objectKey = `generations/${id}/video`
  const now = house.clock.now()
  await house.store.put(objectKey, { id: key.id, bytes: key.bytes }, pieces(bytes))
  await house.db.transaction(async (tx) => {
    for (const event of ['submit', 'accept', 'produce', 'finish'] as const) await advance(tx, id, event, now)
    await studio.insertAsset(tx, {
      id: newId('asset', now),
      subject_id: subject,
      generation_id: id,
      reference_id: null,
      key_id: row.key_id,
      kind: 'video',
      object_key: objectKey,
      media_type: 'video/mp4',
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      width: 854,
      height: 480,
      duration_ms: 2000,
      created_at: now,
    })
  })
  return id
}

/** A try of somebody's video at a provider, of the model `remote`; accepted unless changed. */
export async function anAttempt(
  house: House,
  subject: SubjectId,
  { provider, route }: { provider: string; route: string },
  changes: Partial<AttemptTable> = {},
): Promise<AttemptTable['id']> {
  const generation = await aGeneration(house, subject)
  const now = house.clock.now()
  const id = newId('attempt', now)
  await house.db.transaction(async (tx) => {
    await tx.updateTable('generation').set({ model: 'remote' }).where('id', '=', generation).execute()
    await insertAttempt(tx, {
      id,
      generation_id: generation,
      subject_id: subject,
      number: 1,
      provider,
      provider_job: null,
      route: toJson({
        ...{ route, provider, driver: 'kie', model: 'remote', version: '1' },
        ...{ endpoint: {}, cost_version: 1 },
      }),
      memo: null,
      state: 'accepted',
      error_class: null,
      error_code: null,
      cost_expected: 0,
      cost_charged: null,
      started_at: now,
      accepted_at: now,
      woken_at: null,
      poll_at: null,
      poll_failures: 0,
      ended_at: null,
      ...changes,
    })
  })
  return id
}

/** A mail as the house writes it; `secret` carries a link. */
export async function aMail(
  house: House,
  to: { subject: SubjectId; address: string },
  secret: boolean,
): Promise<string> {
  const wording = {
    secret,
    title: say('A mail'),
    paragraphs: [say('Something for you.')],
    ...(secret ? { action: { label: say('Open'), path: paths.resetPassword('t0ken') } } : {}),
  }
  const kind = secret ? 'reset_password' : 'password_changed'
  const row = await writeMail(house, { ...to, locale: 'en' }, kind, wording, 'Test')
  await house.db.transaction((tx) => insertMail(tx, row))
  return row.id
}

/** How often staff opened something: by the keyring's own count, and by the audit log's. */
export async function openedByStaff(house: House): Promise<{ tally: number; log: number }> {
  const tally = await house.keyring.tally({ since: 0, actorKind: 'staff' })
  const rows = await house.db.read
    .selectFrom('audit')
    .select('detail')
    .where('actor_kind', '=', 'staff')
    .execute()
  return {
    tally: tally.reduce((sum, row) => sum + row.opened, 0),
    log: rows.reduce((sum, row) => sum + Number(fromJson(row.detail).opened ?? 0), 0),
  }
}

export async function actsOf(house: House, actor: SubjectId): Promise<string[]> {
  const rows = await house.db.read
    .selectFrom('audit')
    .select('act')
    .where('actor_id', '=', actor)
    .where('actor_kind', '=', 'staff')
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.act)
}

async function* pieces(bytes: Uint8Array) {
  yield bytes
}
