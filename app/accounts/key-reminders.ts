import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { DAY } from '#core/clock/clock.ts'
import * as keys from './api-keys.queries.ts'
import { mails, post, writeMail } from './mails.ts'
import { recipient } from './sign-up.ts'
import * as subjects from './subjects.queries.ts'

/** How many days before an API key ends its owner is told (promise S3). */
export const remindDaysBefore = 14

/** Mails the owners of keys that end soon, once for each key. Answers how many were told. */
export async function remindOfEndingKeys(house: House): Promise<number> {
  const { db, clock, queue } = house
  const now = clock.now()
  const ending = await keys.ending(db.read, now, now + remindDaysBefore * DAY, 200)
  const { site_name } = await siteSettings(db.read)
  let told = 0
  for (const key of ending) {
    const subject = await subjects.subjectById(db.read, key.subject_id)
    if (subject?.status !== 'active') continue
    const days = Math.max(1, Math.round(((key.expires_at ?? now) - now) / DAY))
    const to = await recipient(house, subject)
    const mail = await writeMail(house, to, 'api_key_ending', mails.api_key_ending(days), site_name)
    const done = await db.transaction(async (tx) => {
      if (!(await keys.markReminded(tx, key.id, now))) return false
      await post(tx, queue, mail)
      return true
    })
    if (done) told += 1
  }
  return told
}
