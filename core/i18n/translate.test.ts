import { expect, test } from 'vitest'
import { say } from './say.ts'
import { translatorFor } from './translate.ts'

/**
 * Pins: a half-translated catalogue that shows nothing; a number of a missing sentence counted by the wrong language's
 * plural; a German date in the middle of an English page; a time in the server's zone; "tomorrow" for something that is due the day after; a malformed language tag or
 * time zone out of a cookie that breaks every page.
 */
const now = Date.UTC(2026, 10, 21, 22, 30)

test('a sentence with its values reads as English when there is no translation', () => {
  const fr = translatorFor('fr', 'Europe/Paris', {})
  expect(fr.t(say('{count, plural, one {# video} other {# videos}} kept', { count: 0 }))).toBe(
    '0 videos kept',
  )
  expect(fr.t('It is {name}’s turn', { name: 'Mara' })).toBe('It is Mara’s turn')
})

test('a translation is found by its English, and counts as its own language does', () => {
  const english = '{count, plural, one {# video} other {# videos}}'
  const fr = translatorFor('fr', 'UTC', { [english]: '{count, plural, one {# vidéo} other {# vidéos}}' })
  expect(fr.t(english, { count: 0 })).toBe('0 vidéo')
  expect(fr.t(english, { count: 1200 })).toBe('1\u202f200 vidéos')
})

test('without a catalogue the whole page is English, in the manner of the region', () => {
  const german = translatorFor('de', 'Europe/Berlin')
  expect(german.locale).toBe('en-DE')
  expect(german.dateTime(now)).toBe('21 November 2026 at 23:30')
  expect(translatorFor('de', 'UTC', { Save: 'Speichern' }).date(now)).toBe('21. November 2026')
  expect(translatorFor('en-US').date(now)).toBe('November 21, 2026')
})

test('an apostrophe in plain English stays an apostrophe', () => {
  expect(translatorFor('en').t("We can't reach {name}'s provider", { name: 'Wan' })).toBe(
    "We can't reach Wan's provider",
  )
})

test('times are those of the person, not of the server', () => {
  const lisbon = translatorFor('en-GB', 'Europe/Lisbon')
  const tokyo = translatorFor('en-GB', 'Asia/Tokyo')
  expect(lisbon.dateTime(now)).toBe('21 November 2026 at 22:30')
  expect(tokyo.dateTime(now)).toBe('22 November 2026 at 07:30')
  expect(tokyo.t(say('Ends on {end}', { end: new Date(now) }))).toBe('Ends on 22 November 2026')
})

test('days ahead are days of the calendar', () => {
  const berlin = translatorFor('en-GB', 'Europe/Berlin')
  const hour = 3_600_000
  expect(berlin.relative(now - 10_000, now)).toBe('now')
  expect(berlin.relative(now - 4 * 60_000, now)).toBe('4 minutes ago')
  expect(berlin.relative(now - 50 * 60_000, now)).toBe('1 hour ago')
  // 23:30 in Berlin: 25 hours on it is already the day after tomorrow there.
  expect(berlin.relative(now + 23 * hour, now)).toBe('tomorrow')
  expect(berlin.relative(now + 25 * hour, now)).toBe('in 2 days')
  expect(berlin.relative(now + 8 * 24 * hour, now)).toBe('in 8 days')
  expect(berlin.relative(now - 61 * 24 * hour, now)).toBe('2 months ago')
  expect(berlin.relative(now + 2 * 366 * 24 * hour, now)).toBe('in 2 years')
})

test('lengths of time and sizes', () => {
  const en = translatorFor('en')
  expect([0, 5_000, 250_000, 3_600_000, 90_061_000].map(en.duration)).toEqual([
    '0 sec',
    '5 sec',
    '4 min 10 sec',
    '1 hr',
    '1 day 1 hr',
  ])
  expect([8_000, 161_000, 3_723_000].map(en.clock)).toEqual(['0:08', '2:41', '1:02:03'])
  expect([0, 999, 18_200_000, 2_500_000_000].map(en.bytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '18.2 MB',
    '2.5 GB',
  ])
})

test('nonsense for a language or a zone reads as English and UTC', () => {
  const odd = translatorFor('no_SUCH tag', 'Mars/Olympus')
  expect(odd.locale).toBe('en')
  expect(odd.timeZone).toBe('UTC')
  expect(odd.time(now)).toBe('10:30 PM')
})

test('a text made at run time does not compile', () => {
  const en = translatorFor('en')
  const name: string = ['a', 'b'].join('')
  // @ts-expect-error translators never see it
  expect(en.t(name)).toBe('ab')
})
