import { mails, post, writeMail } from '#app/accounts/mails.ts'
import { recipient } from '#app/accounts/sign-up.ts'
import * as subjects from '#app/accounts/subjects.queries.ts'
import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { endFailed } from '#app/studio/generations/end.ts'
import * as queries from '#app/studio/generations/generations.queries.ts'
import { letGo } from '#app/studio/generations/removal.ts'
import * as references from '#app/studio/references/references.queries.ts'
import type { RetentionRule } from '#compliance/retention/run.ts'
import { DAY } from '#core/clock/clock.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { SubjectId } from '#core/ids/ids.ts'

/** What goes in the studio, and when: unsaved creations after their time, what is left of them later, unused references. */
export function studioRules(house: House): RetentionRule[] {
  const { db, clock } = house
  return [
    {
      name: 'generation.unsaved',
      async batch(limit) {
        const now = clock.now()
        const rows = await db.read
          .selectFrom('generation')
          .select(['id', 'key_id'])
          .where('expires_at', '<=', now)
          .orderBy('expires_at')
          .limit(limit)
          .execute()
        let deleted = 0
        for (const row of rows) {
          await house.keyring.record({ kind: 'deletion', thing: row.id })
          if (await db.transaction((tx) => letGo(house, tx, row, 'expire', now))) deleted += 1
        }
        return { considered: rows.length, deleted }
      },
    },
    {
      name: 'generation.gone',
      async batch(limit) {
        const before = clock.now() - 30 * DAY
        const deleted = await db.transaction(async (tx) => {
          const rows = await tx
            .selectFrom('generation')
            .select('id')
            .where('state', 'in', ['expired', 'removed'])
            .where('updated_at', '<', before)
            .limit(limit)
            .execute()
          const ids = rows.map((row) => row.id)
          if (ids.length === 0) return 0
          // What was made from them a month ago has long been made, or came to nothing.
          await tx.deleteFrom('generation_input').where('source_id', 'in', ids).execute()
          for (const table of [
            'generation_event',
            'generation_input',
            'attempt',
            'screening',
            'idempotency',
          ] as const)
            await tx.deleteFrom(table).where('generation_id', 'in', ids).execute()
          await tx.deleteFrom('generation').where('id', 'in', ids).execute()
          return ids.length
        })
        return { considered: deleted, deleted }
      },
    },
    {
      name: 'reference.unused',
      async batch(limit) {
        const now = clock.now()
        const rows = await references.unused(db.read, now - DAY, limit)
        for (const row of rows) {
          await house.keyring.record({ kind: 'deletion', thing: row.id })
          await db.transaction(async (tx) => {
            await intendDestruction(tx, [row.key_id], 'reference.unused', now)
            await tx.deleteFrom('generation_input').where('reference_id', '=', row.id).execute()
            await tx.deleteFrom('screening').where('reference_id', '=', row.id).execute()
            await tx.deleteFrom('asset').where('reference_id', '=', row.id).execute()
            await tx.deleteFrom('reference').where('id', '=', row.id).execute()
            await house.queue.enqueue(tx, {
              queue: 'objects.delete',
              payload: { prefix: `references/${row.id}/` },
              dedupeKey: row.id,
            })
          })
        }
        return { considered: rows.length, deleted: rows.length }
      },
    },
  ]
}

/** Ends what is past its deadline, with the credits back: whatever became of its worker, nobody waits for ever. */
export async function endPastDeadline(house: House): Promise<number> {
  const late = await queries.pastDeadline(house.db.read, house.clock.now(), 200)
  for (const { id } of late) await endFailed(house, id, 'timeout')
  return late.length
}

/** How many days before an unsaved creation goes its owner is told, by one mail for all that go then. */
export const toldDaysBefore = 3

export async function tellBeforeExpiry(house: House): Promise<number> {
  const { db, clock } = house
  const now = clock.now()
  const soon = await db.read
    .selectFrom('generation')
    .select(['subject_id'])
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('expires_at', '<=', now + toldDaysBefore * DAY)
    .where('expires_at', '>', now)
    .where('expiry_told', '=', 0)
    .where('state', '=', 'ready')
    .groupBy('subject_id')
    .limit(500)
    .execute()
  for (const { subject_id, count } of soon) await tellOne(house, subject_id, Number(count), now)
  return soon.length
}

async function tellOne(house: House, id: SubjectId, count: number, now: number): Promise<void> {
  const { db, queue } = house
  const subject = await subjects.subjectById(db.read, id)
  if (subject?.status !== 'active') return
  const { site_name } = await siteSettings(db.read)
  const to = await recipient(house, subject)
  const mail = await writeMail(house, to, 'expiring', mails.expiring(count, toldDaysBefore), site_name)
  await db.transaction(async (tx) => {
    const told = await tx
      .updateTable('generation')
      .set({ expiry_told: 1 })
      .where('subject_id', '=', id)
      .where('state', '=', 'ready')
      .where('expiry_told', '=', 0)
      .where('expires_at', '<=', now + toldDaysBefore * DAY)
      .where('expires_at', '>', now)
      .returning('id')
      .execute()
    // Told by another runner a moment ago.
    if (told.length === 0) return
    await post(tx, queue, mail)
  })
}
