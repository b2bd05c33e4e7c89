import type { House } from '#app/house.ts'
import { accessOf } from '#core/actor.ts'
import { sealText, unsealText } from '#core/crypto/sealed-text.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import { AppError, isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import type { ProfileInput } from './accounts.schema.ts'
import { requiredAge } from './ages.ts'
import { assertOldEnough } from './sign-up.ts'
import * as queries from './subjects.queries.ts'

/** What a person says about themselves, and may correct at any time (promise D2). */
export interface Profile {
  email: string
  /** Empty when they gave none. */
  name: string
  region: string
  locale: string
  timeZone: string
}

export async function readProfile({ keyring }: House, subject: SubjectTable): Promise<Profile> {
  const actor = { kind: 'person', id: subject.id } as const
  const key = await keyring.openOne(subject.key_id, accessOf(actor, 'account.read', subject.id))
  const open = (column: 'email_sealed' | 'name_sealed', text: string) =>
    unsealText(key, { table: 'subject', column, row: subject.id }, text)
  return {
    email: open('email_sealed', subject.email_sealed),
    name: subject.name_sealed ? open('name_sealed', subject.name_sealed) : '',
    region: subject.region,
    locale: subject.locale,
    timeZone: subject.time_zone,
  }
}

/**
 * Writes the profile. A region that asks for a higher age than the former one asks the neutral question again
 * (`age_needed`); when the answer does not do, nothing of the form is kept and the account stays as it was.
 */
export async function changeProfile(
  { db, keyring, clock }: House,
  subject: SubjectTable,
  wanted: ProfileInput,
): Promise<void> {
  const now = clock.now()
  if (requiredAge(wanted.region) > requiredAge(subject.region)) {
    const { birth_year, birth_month } = wanted
    if (birth_year === undefined || birth_month === undefined) throw ageNeeded()
    assertMayMove({ region: wanted.region, birth_year, birth_month }, now)
  }
  const actor = { kind: 'person', id: subject.id } as const
  const key = await keyring.openOne(subject.key_id, accessOf(actor, 'account.write', subject.id))
  const place = { table: 'subject', column: 'name_sealed', row: subject.id }
  const name_sealed = wanted.name === '' ? null : sealText(key, place, wanted.name)
  await db.transaction((tx) =>
    queries.change(tx, subject.id, {
      name_sealed,
      region: wanted.region,
      locale: wanted.locale,
      time_zone: wanted.time_zone,
      updated_at: now,
    }),
  )
}

/** Light, dark, or null for as the page and the system have it. */
export async function changeTheme(
  { db, clock }: House,
  id: SubjectId,
  theme: SubjectTable['theme'],
): Promise<void> {
  await db.transaction((tx) => queries.change(tx, id, { theme, updated_at: clock.now() }))
}

/** Takes the browser's time zone at sign-in where none was known; one that the person chose stays. */
export async function learnTimeZone(
  { db, clock }: House,
  subject: SubjectTable,
  timeZone: string,
): Promise<void> {
  if (subject.time_zone !== 'UTC' || timeZone === 'UTC') return
  await db.transaction((tx) =>
    queries.change(tx, subject.id, { time_zone: timeZone, updated_at: clock.now() }),
  )
}

function assertMayMove(answer: Parameters<typeof assertOldEnough>[0], now: number): void {
  try {
    assertOldEnough(answer, now)
  } catch (error) {
    if (!isAppError(error) || error.code !== 'too_young') throw error
    throw new AppError(
      'region_refused',
      say('We cannot change your region to this one. Nothing was changed.'),
      { status: 403 },
    )
  }
}

function ageNeeded(): AppError {
  const sentence = say('For this region we have to ask when you were born.')
  return new AppError('age_needed', sentence, { status: 422, fields: { birth_month: sentence } })
}
