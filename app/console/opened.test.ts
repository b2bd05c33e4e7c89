/**
 * Pins: a look at something sealed that leaves no row in the audit log (promise S5); a look that fails halfway and is
 * not counted; an address that shows although its look could not be recorded; what staff typed into a search kept in
 * the log; a mail with a secret read by somebody who is no owner; a delivered mail that still has a text; a video
 * watched without a reason, by somebody else's reason, or long after it.
 */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { MINUTE } from '#core/clock/clock.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { revealPrompt } from './generations.ts'
import { readLog, revealNote, verifyLog } from './log.ts'
import { listMails, type MailFilter, mailFacts, revealMail } from './outbox.ts'
import { findPerson, lookUpPerson, newestPeople, unmaskPerson } from './people.ts'
import { actsOf, aMail, aReadyGeneration, asStaff, openedByStaff, prompt } from './testing.ts'
import { openVideo, revealVideo, watchable } from './video.ts'

const why = 'ticket 4711, asked by the person'

onBothGrounds('what staff open', (ground) => {
  test('is counted once by the keyring and once by the log, look by look', async () => {
    const house = await aHouse(ground)
    const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
    const anna = await aPerson(house, { email: 'anna@example.org' })
    const mail = await aMail(house, { subject: anna.id, address: anna.email }, true)
    const video = await aReadyGeneration(house, anna.id, Buffer.alloc(1000, 7))
    const looks: [string, number, () => Promise<unknown>][] = [
      ['console.read', 2, () => newestPeople(house, owner)],
      ['person.searched', 0, () => findPerson(house, owner, 'Anna@Example.org')],
      ['person.looked_up', 1, () => lookUpPerson(house, owner, anna.id)],
      ['person.unmasked', 1, () => unmaskPerson(house, owner, anna.id, why)],
      [
        'console.read',
        1,
        () => listMails(house, owner, { state: undefined, kind: undefined, before: undefined }),
      ],
      ['mail.looked_up', 1, () => mailFacts(house, owner, mail)],
      ['mail.revealed', 1, () => revealMail(house, owner, mail, why)],
      ['prompt.revealed', 1, () => revealPrompt(house, owner, video, why)],
      ['video.revealed', 0, () => revealVideo(house, owner, video, why)],
      ['video.watched', 1, async () => openVideo(house, owner, await watchable(house, owner, video))],
    ]
    let sum = 0
    for (const [act, opened, look] of looks) {
      await look()
      sum += opened
      expect((await actsOf(house, owner.id)).at(-1)).toBe(act)
      expect(await openedByStaff(house), act).toEqual({ tally: sum, log: sum })
    }
    expect(await actsOf(house, owner.id)).toEqual(looks.map(([act]) => act))
    expect(await verifyLog(house, owner)).toMatchObject({ ok: true })
  })
})

test('what cannot be recorded is not shown, and a look that breaks is counted all the same', async () => {
  const house = await aHouse()
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  const anna = await aPerson(house)
  const other = await aPerson(house)
  const foreign = await house.db.read
    .selectFrom('subject')
    .select('email_sealed')
    .where('id', '=', other.id)
    .executeTakeFirstOrThrow()
  await house.db.transaction((tx) =>
    tx.updateTable('subject').set({ email_sealed: foreign.email_sealed }).where('id', '=', anna.id).execute(),
  )
  await expect(unmaskPerson(house, owner, anna.id, why)).rejects.toMatchObject({ code: 'seal_broken' })
  expect(await openedByStaff(house)).toEqual({ tally: 1, log: 1 })

  const full = { ...house.db, transaction: () => Promise.reject(new Error('disk full')) }
  await expect(unmaskPerson({ ...house, db: full }, owner, other.id, why)).rejects.toThrow('disk full')
})

test('a search is recorded, and what was typed is not', async () => {
  const house = await aHouse()
  const support = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
  const anna = await aPerson(house, { email: 'anna@example.org' })
  expect(await findPerson(house, support, ' anna@EXAMPLE.org ')).toBe(anna.id)
  expect(await findPerson(house, support, anna.id)).toBe(anna.id)
  expect(await findPerson(house, support, 'anna')).toBeUndefined()
  const { rows } = await readLog(house, {
    before: undefined,
    act: 'person.searched',
    actor: undefined,
    target: undefined,
  })
  expect(rows.map(({ target, detail }) => ({ target, detail }))).toEqual([
    { target: null, detail: { by: 'address', found: false } },
    { target: anna.id, detail: { by: 'id', found: true } },
    { target: anna.id, detail: { by: 'address', found: true } },
  ])
  expect(JSON.stringify(rows)).not.toContain('example.org')
})

test('addresses are masked for those who search, and not there for those who do not', async () => {
  const house = await aHouse()
  const anna = await aPerson(house, { email: 'anna@example.org' })
  const support = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
  const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
  expect(await lookUpPerson(house, support, anna.id)).toMatchObject({ maskedAddress: 'a•••@e•••.org' })
  expect(await lookUpPerson(house, moderator, anna.id)).toMatchObject({ maskedAddress: null })
  expect(await actsOf(house, moderator.id)).toEqual([])
})

test('reasons are sealed, and read for a reason', async () => {
  const house = await aHouse()
  const officer = asStaff((await aPerson(house, { role: 'privacy_officer' })).id, 'privacy_officer')
  const anna = await aPerson(house)
  await unmaskPerson(house, officer, anna.id, 'because Anna called')
  const raw = await house.db.read.selectFrom('audit').selectAll().execute()
  expect(JSON.stringify(raw)).not.toContain('Anna called')
  const row = raw.find((one) => one.act === 'person.unmasked')
  expect(await revealNote(house, officer, Number(row?.seq), why)).toBe('because Anna called')
  expect(await openedByStaff(house)).toEqual({ tally: 2, log: 2 })
  await expect(revealNote(house, officer, 9999, why)).rejects.toMatchObject({ status: 404 })
})

test('only an owner reads a mail that opens something; a delivered one has nothing to read', async () => {
  const house = await aHouse()
  const anna = await aPerson(house)
  const to = { subject: anna.id, address: 'anna@example.org' }
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  const support = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
  const [secret, plain] = [await aMail(house, to, true), await aMail(house, to, false)]
  expect((await revealMail(house, owner, secret, why)).body.action?.url).toContain('t0ken')
  await expect(revealMail(house, support, secret, why)).rejects.toMatchObject({ status: 404 })
  expect(await mailFacts(house, support, secret)).toMatchObject({
    mayReveal: false,
    maskedRecipient: 'a•••@e•••.org',
  })
  expect((await revealMail(house, support, plain, why)).to).toBe('anna@example.org')

  await house.db.transaction((tx) =>
    tx
      .updateTable('mail')
      .set({ to_sealed: null, content_sealed: null, status: 'sent' })
      .where('id', '=', plain as never)
      .execute(),
  )
  expect(await mailFacts(house, support, plain)).toMatchObject({ hasText: false, maskedRecipient: null })
  await expect(revealMail(house, support, plain, why)).rejects.toMatchObject({ code: 'mail_gone' })
  const opened = await openedByStaff(house)
  expect(opened.tally).toBe(opened.log)
})

test('the outbox is narrowed by status and kind, page by page', async () => {
  const house = await aHouse()
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  const to = { subject: (await aPerson(house)).id, address: 'anna@example.org' }
  for (let n = 0; n < 30; n += 1) {
    house.clock.advance(1)
    await aMail(house, to, n % 6 === 0)
  }
  await house.db.transaction((tx) =>
    tx.updateTable('mail').set({ status: 'failed' }).where('kind', '=', 'password_changed').execute(),
  )
  const list = (filter: Partial<MailFilter>) =>
    listMails(house, owner, { state: undefined, kind: undefined, before: undefined, ...filter })
  expect((await list({ kind: 'reset_password' })).rows).toHaveLength(5)
  expect((await list({ kind: 'reset_password', state: 'failed' })).rows).toEqual([])
  expect((await list({ state: 'held' })).rows.every(({ kind }) => kind === 'reset_password')).toBe(true)
  const failed = await list({ state: 'failed' })
  expect(failed).toMatchObject({ older: undefined })
  expect(failed.rows).toHaveLength(25)
  const all = await list({})
  const rest = await list({ before: all.older })
  expect([...all.rows, ...rest.rows]).toHaveLength(30)
  expect(rest.older).toBeUndefined()
})

test('a video opens to whoever just said why, and to nobody else', async () => {
  const house = await aHouse()
  const anna = await aPerson(house)
  const bytes = Buffer.from('a video, as far as this test knows')
  const video = await aReadyGeneration(house, anna.id, bytes)
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
  await expect(watchable(house, moderator, video)).rejects.toMatchObject({ status: 404 })
  await revealVideo(house, moderator, video, why)
  await expect(watchable(house, owner, video)).rejects.toMatchObject({ status: 404 })
  const opened = await openVideo(house, moderator, await watchable(house, moderator, video))
  const read: Uint8Array[] = []
  for await (const piece of opened.read()) read.push(piece)
  expect(Buffer.concat(read)).toEqual(bytes)
  house.clock.advance(11 * MINUTE)
  await expect(watchable(house, moderator, video)).rejects.toMatchObject({ status: 404 })
})

test('the log names the first row that was changed behind its back, and that somebody looked', async () => {
  const house = await aHouse()
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  for (let n = 0; n < 4; n++) await findPerson(house, owner, 'nobody@example.org')
  expect(await verifyLog(house, owner)).toEqual({ ok: true, rows: 4, fromCheckpoint: null })
  await sql`drop trigger audit_no_update`.execute(house.db.maintenance)
  await house.db.transaction((tx) =>
    tx.updateTable('audit').set({ act: 'console.read' }).where('seq', '=', 2).execute(),
  )
  expect(await verifyLog(house, owner)).toMatchObject({ ok: false, seq: 2, why: 'altered' })
  const filter = { before: undefined, act: 'audit.verified', actor: undefined, target: undefined }
  expect((await readLog(house, filter)).rows.map(({ detail }) => detail)).toEqual([
    { ok: false, rows: 1, why: 'altered', seq: 2 },
    { ok: true, rows: 4 },
  ])
})

test('prompts are opened one by one, for a reason', async () => {
  const house = await aHouse()
  const anna = await aPerson(house)
  const video = await aReadyGeneration(house, anna.id, Buffer.from('x'))
  const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
  expect(await revealPrompt(house, moderator, video, why)).toBe(prompt)
  await house.db.transaction((tx) =>
    tx.updateTable('generation').set({ prompt_sealed: '' }).where('id', '=', video).execute(),
  )
  await expect(revealPrompt(house, moderator, video, why)).rejects.toMatchObject({ code: 'content_gone' })
})
