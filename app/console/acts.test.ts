/**
 * Pins: an account suspended by a moderator that watches them; videos made on for somebody who is shut out; the last owner lost, also when two owners act on each
 * other at once; somebody who raises their own role; a suspension that leaves a session alive, or that a reinstatement
 * turns into a confirmed address; credits given twice by one form; a video stopped without its credits coming back; an
 * act without its row in the log, or a row without the act; a setting's value in the log.
 */
import { expect, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { openSessions } from '#app/http/session.ts'
import { siteSettings } from '#app/settings.ts'
import { advance } from '#app/studio/generations/advance.ts'
import { HOUR } from '#core/clock/clock.ts'
import { toJson } from '#core/db/columns.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { cancelAsStaff, generationFacts } from './generations.ts'
import { deadJobs, queueCounts, retryJob } from './jobs.ts'
import { attention } from './overview.ts'
import { lookUpPerson } from './people.ts'
import { changeRole, grantCredits, reinstatePerson, suspendPerson } from './person-acts.ts'
import { checkPromises, promiseRows } from './promises.ts'
import { changeSite } from './settings.ts'
import { actsOf, aGeneration, asStaff } from './testing.ts'

const reason = 'ticket 4711'

onBothGrounds('acts of staff', (ground) => {
  test('a suspension ends every session, and a reinstatement gives back what was there', async () => {
    const house = await aHouse(ground)
    const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
    const anna = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const { cookie } = await sessions.start(anna.id, { authMethod: 'password', deviceClass: 'computer' })
    const given = cookie.split(';')[0]
    expect(await sessions.read(given)).toBeDefined()
    await suspendPerson(house, moderator, anna.id, reason)
    expect(await sessions.read(given)).toBeUndefined()
    expect(await statusOf(house, anna.id)).toBe('suspended')
    expect(await lookUpPerson(house, moderator, anna.id)).toMatchObject({ sessions: 0 })
    await expect(suspendPerson(house, moderator, anna.id, reason)).rejects.toMatchObject({ code: 'not_now' })
    await reinstatePerson(house, moderator, anna.id, reason)
    expect(await statusOf(house, anna.id)).toBe('active')

    const unconfirmed = await aPerson(house, { verified: false })
    await suspendPerson(house, moderator, unconfirmed.id, reason)
    await reinstatePerson(house, moderator, unconfirmed.id, reason)
    expect(await statusOf(house, unconfirmed.id)).toBe('unverified')
    expect(await actsOf(house, moderator.id)).toEqual([
      'account.suspended',
      'account.reinstated',
      'account.suspended',
      'account.reinstated',
    ])
    const journal = await house.keyring.journalSince(0)
    expect(
      journal.filter((entry) => entry.kind === 'ban').map(({ thing, detail }) => [thing, detail]),
    ).toEqual([
      [anna.id, undefined],
      [anna.id, { lifted: true }],
      [unconfirmed.id, undefined],
      [unconfirmed.id, { lifted: true }],
    ])
  })

  test('of two suspensions at once one is done, and the journal still says so', async () => {
    const house = await aHouse(ground)
    const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
    const anna = await aPerson(house)
    const results = await Promise.allSettled(
      [1, 2, 3].map(() => suspendPerson(house, moderator, anna.id, reason)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await statusOf(house, anna.id)).toBe('suspended')
    const journal = await house.keyring.journalSince(0)
    const undone = journal.map(({ detail }) => detail?.lifts)
    const standing = journal.filter(({ seq, detail }) => !detail && !undone.includes(seq))
    expect(standing).toMatchObject([{ kind: 'ban', thing: anna.id }])
    expect(journal.some(({ detail }) => detail?.lifted)).toBe(false)
  })

  test('a suspension stops what is being made, with its jobs, and gives the credits back', async () => {
    const house = await aHouse(ground)
    const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
    const [anna, ben] = [await aPerson(house, { credits: 10 }), await aPerson(house, { credits: 10 })]
    const made = []
    for (let n = 0; n < 4; n += 1) {
      house.clock.advance(1)
      made.push(await aGeneration(house, anna.id))
    }
    const bens = await aGeneration(house, ben.id)
    const [waiting, finishing, stopped, running] = made as [never, never, never, never]
    const advanced = (id: never, ...events: ('submit' | 'accept' | 'produce')[]) =>
      house.db.transaction(async (tx) => {
        for (const event of events) await advance(tx, id, event, house.clock.now())
      })
    await advanced(finishing, 'submit', 'accept', 'produce')
    await advanced(running, 'submit', 'accept')
    await cancelAsStaff(house, moderator, stopped, reason)
    expect(await lookUpPerson(house, moderator, anna.id)).toMatchObject({ beingMade: 3 })

    expect(await suspendPerson(house, moderator, anna.id, reason)).toEqual({ stopped: 3 })
    expect(await balanceOf(house.db.read, anna.id)).toEqual({ balance: 10, held: 0, available: 10 })
    for (const [id, state] of [
      [waiting, 'cancelled'],
      [running, 'cancelled'],
      [finishing, 'failed'],
    ] as const)
      expect(await generationFacts(house, id)).toMatchObject({ state, error: 'stopped_by_operator' })
    expect(await lookUpPerson(house, moderator, anna.id)).toMatchObject({ beingMade: 0 })
    // A worker that was finishing it finds nothing left to finish.
    expect(await house.db.transaction((tx) => advance(tx, finishing, 'finish', house.clock.now()))).toBe(
      false,
    )
    expect((await balanceOf(house.db.read, anna.id)).balance).toBe(10)

    expect(await generationFacts(house, bens)).toMatchObject({ state: 'queued' })
    expect((await queueCounts(house)).find(({ queue }) => queue === 'generation.run')).toMatchObject({
      waiting: 1,
    })
    const rows = await house.db.read
      .selectFrom('audit')
      .select(['act', 'target_id', 'detail'])
      .orderBy('seq')
      .execute()
    const because = rows.filter(({ detail }) => detail === '{"because":"account.suspended"}')
    expect(because.map(({ act, target_id }) => [act, target_id])).toEqual(
      [waiting, finishing, running].map((id) => ['generation.cancelled', id]),
    )
  })

  test('a suspension that is refused stops nothing', async () => {
    const house = await aHouse(ground)
    const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
    const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
    const id = await aGeneration(house, owner.id)
    await expect(suspendPerson(house, moderator, owner.id, reason)).rejects.toMatchObject({
      code: 'owners_only',
    })
    expect(await generationFacts(house, id)).toMatchObject({ state: 'queued' })
    expect(await actsOf(house, moderator.id)).toEqual([])
  })

  test('staff are suspended by owners only, and nobody acts on themselves', async () => {
    const house = await aHouse(ground)
    const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
    const moderator = asStaff((await aPerson(house, { role: 'moderator' })).id, 'moderator')
    const officer = await aPerson(house, { role: 'privacy_officer' })
    await expect(suspendPerson(house, moderator, officer.id, reason)).rejects.toMatchObject({
      code: 'owners_only',
    })
    await expect(suspendPerson(house, owner, owner.id, reason)).rejects.toMatchObject({
      code: 'not_yourself',
    })
    const raise = { role: 'owner', reason } as const
    await expect(changeRole(house, moderator, moderator.id, raise)).rejects.toMatchObject({
      code: 'not_yourself',
    })
    await expect(changeRole(house, moderator, officer.id, raise)).rejects.toMatchObject({ status: 409 })
    expect(await actsOf(house, moderator.id)).toEqual([])
    await suspendPerson(house, owner, officer.id, reason)
    expect(await statusOf(house, officer.id)).toBe('suspended')
  })

  test('one active owner always stays, also when two put each other down at once', async () => {
    const house = await aHouse(ground)
    const sessions = openSessions(house, house.config.appUrl)
    const [a, b] = [await aPerson(house, { role: 'owner' }), await aPerson(house, { role: 'owner' })]
    const down = { role: 'person', reason } as const
    const results = await Promise.allSettled([
      changeRole(house, asStaff(a.id, 'owner'), b.id, down),
      changeRole(house, asStaff(b.id, 'owner'), a.id, down),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const owners = await house.db.read
      .selectFrom('subject')
      .select('id')
      .where('role', '=', 'owner')
      .execute()
    expect(owners).toHaveLength(1)

    const anna = await aPerson(house)
    await sessions.start(anna.id, { authMethod: 'password', deviceClass: 'computer' })
    const owner = asStaff(owners[0]?.id ?? a.id, 'owner')
    await changeRole(house, owner, anna.id, { role: 'support', reason })
    expect(await lookUpPerson(house, owner, anna.id)).toMatchObject({ role: 'support', sessions: 0 })
  })

  test('one form gives its credits once, and the log says so once', async () => {
    const house = await aHouse(ground)
    const support = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
    const anna = await aPerson(house, { credits: 10 })
    const form = { amount: 50, key: 'evt_0123456789', reason }
    const twice = await Promise.all([
      grantCredits(house, support, anna.id, form),
      grantCredits(house, support, anna.id, form),
    ])
    expect(twice.sort()).toEqual([false, true])
    expect(await balanceOf(house.db.read, anna.id)).toMatchObject({ balance: 60 })
    expect(await actsOf(house, support.id)).toEqual(['credits.granted'])
  })

  test('nobody gives credits to themselves, but an owner', async () => {
    const house = await aHouse(ground)
    const form = { amount: 50, key: 'evt_0123456789', reason }
    const support = asStaff((await aPerson(house, { role: 'support', credits: 1 })).id, 'support')
    await expect(grantCredits(house, support, support.id, form)).rejects.toMatchObject({
      code: 'not_yourself',
    })
    expect(await balanceOf(house.db.read, support.id)).toMatchObject({ balance: 1 })
    const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
    expect(await grantCredits(house, owner, owner.id, form)).toBe(true)
  })

  test('a video that staff stop gives its credits back, and does not say that its owner stopped it', async () => {
    const house = await aHouse(ground)
    const support = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
    const anna = await aPerson(house, { credits: 10 })
    const id = await aGeneration(house, anna.id)
    expect(await balanceOf(house.db.read, anna.id)).toMatchObject({ available: 9 })
    await cancelAsStaff(house, support, id, reason)
    expect(await balanceOf(house.db.read, anna.id)).toMatchObject({ available: 10, held: 0 })
    expect(await generationFacts(house, id)).toMatchObject({
      state: 'cancelled',
      error: 'stopped_by_operator',
      cancellable: false,
    })
    expect((await queueCounts(house)).find(({ queue }) => queue === 'generation.run')).toMatchObject({
      waiting: 0,
    })
    await expect(cancelAsStaff(house, support, id, reason)).rejects.toMatchObject({ code: 'not_cancellable' })
    expect(await actsOf(house, support.id)).toEqual(['generation.cancelled'])
  })

  test('a job that was given up is tried once more, and not by a wrong id', async () => {
    const house = await aHouse(ground)
    const support = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
    await house.db.transaction((tx) =>
      house.queue.enqueue(tx, { queue: 'keys.destroy', payload: {}, maxAttempts: 1 }),
    )
    const claimed = await house.queue.claim(['keys.destroy'], 'w', { leaseMs: 30_000 })
    if (!claimed) throw new Error('Nothing to claim')
    expect(await house.queue.fail(claimed, { code: 'keyring-away' })).toBe('dead')
    expect(await attention(house)).toMatchObject({ deadJobs: 1 })
    const [dead] = await deadJobs(house)
    expect(dead).toMatchObject({ queue: 'keys.destroy', code: 'keyring-away', attempts: 1 })
    await retryJob(house, support, claimed.id)
    expect(await deadJobs(house)).toEqual([])
    await expect(retryJob(house, support, claimed.id)).rejects.toMatchObject({ code: 'not_dead' })
    await expect(retryJob(house, support, 'job_x')).rejects.toMatchObject({ status: 404 })
    expect(await actsOf(house, support.id)).toEqual(['job.retried'])
  })

  test('the log names the settings that were changed, not what they say', async () => {
    const house = await aHouse(ground)
    const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
    expect(await changeSite(house, owner, { site_name: 'Lumen', contact: '' })).toBe(true)
    expect(await changeSite(house, owner, { site_name: 'Lumen', contact: '' })).toBe(false)
    expect(await siteSettings(house.db.read)).toMatchObject({ site_name: 'Lumen' })
    const rows = await house.db.read.selectFrom('audit').select(['act', 'detail']).execute()
    expect(rows).toEqual([{ act: 'setting.changed', detail: '{"settings":"site_name"}' }])
  })

  test('a promise that nobody checked for a day is not kept any more, it is unknown', async () => {
    const house = await aHouse(ground)
    const auditor = asStaff((await aPerson(house, { role: 'auditor' })).id, 'auditor')
    const now = house.clock.now()
    await house.db.transaction((tx) =>
      tx
        .insertInto('promise_check')
        .values([
          { promise: 'C2', state: 'kept', evidence: toJson({ hashes: 3 }), checked_at: now },
          { promise: 'T2', state: 'kept', evidence: toJson({}), checked_at: now - 25 * HOUR },
          { promise: 'S6', state: 'broken', evidence: toJson({ broken_at: 4 }), checked_at: now },
        ])
        .execute(),
    )
    expect(Object.fromEntries((await promiseRows(house)).map(({ id, state }) => [id, state]))).toMatchObject({
      C2: 'kept',
      T2: 'unknown',
      S6: 'broken',
    })
    await checkPromises(house, auditor)
    await checkPromises(house, auditor)
    expect((await queueCounts(house)).find(({ queue }) => queue === 'promises.check')).toMatchObject({
      waiting: 1,
    })
    expect(await actsOf(house, auditor.id)).toEqual(['promises.check_asked', 'promises.check_asked'])
  })
})

async function statusOf(house: Awaited<ReturnType<typeof aHouse>>, id: string) {
  const row = await house.db.read
    .selectFrom('subject')
    .select('status')
    .where('id', '=', id as never)
    .executeTakeFirst()
  return row?.status
}
