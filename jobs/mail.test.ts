/**
 * Pins: a mail that stays on its way for ever once its tries are used up; one that fails for good and keeps its text; a
 * retry that sends nothing, sends twice, is done by somebody without the permission or stands in no log; a sweep that fails
 * a mail which is being tried again.
 */
import { expect, test } from 'vitest'
import { enqueueMail } from '#app/accounts/mails.ts'
import { mailFacts, retryMail } from '#app/console/outbox.ts'
import { actsOf, aMail, asStaff } from '#app/console/testing.ts'
import type { Config } from '#core/config/config.ts'
import { isId } from '#core/ids/ids.ts'
import {
  type Mailer,
  type OutgoingMail,
  PermanentMailFailure,
  TemporaryMailFailure,
} from '#core/mail/mail.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { type GroundName, onBothGrounds } from '#test/grounds.ts'
import { failLostMail, sendMail } from './mail.ts'

const smtp: Config['smtp'] = {
  url: () => 'smtp://127.0.0.1:1',
  from: 'studio@fairframe.test',
  insecure: true,
}

/** Fails with what it is given, then takes every mail. */
function aMailer(...failures: Error[]): Mailer & { sent: OutgoingMail[] } {
  const sent: OutgoingMail[] = []
  return {
    sent,
    async send(mail) {
      const failure = failures.shift()
      if (failure) throw failure
      sent.push(mail)
      return { accepted: true }
    },
  }
}

async function aHouseWithMail(ground: GroundName) {
  const house = await aHouse(ground, { smtp })
  const support = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
  const anna = await aPerson(house)
  const id = await aMail(house, { subject: anna.id, address: anna.email }, false)
  if (!isId('mail', id)) throw new Error('No mail')
  await house.db.transaction((tx) => enqueueMail(tx, house.queue, id))
  const claim = async () => {
    const job = await house.queue.claim(['mail.send'], 'w', { leaseMs: 30_000 })
    if (!job) throw new Error('Nothing to claim')
    return job
  }
  return { house, support, anna, id, claim, facts: () => mailFacts(house, support, id) }
}

const away = () => new TemporaryMailFailure('unreachable')

onBothGrounds('a mail that cannot be sent', (ground) => {
  test('is tried again while it may be, then fails and keeps its text for staff to have it tried anew', async () => {
    const { house, support, anna, id, claim, facts } = await aHouseWithMail(ground)
    const mailer = aMailer(away(), away())
    await expect(sendMail(house, id, { mailer })).rejects.toThrow('mail_unreachable')
    expect(await facts()).toMatchObject({
      status: 'waiting',
      attempts: 1,
      failure: 'unreachable',
      mayRetry: false,
    })
    await expect(retryMail(house, support, id)).rejects.toMatchObject({ code: 'not_failed', status: 409 })
    await sendMail(house, id, { mailer, lastAttempt: true })
    await house.queue.complete(await claim())
    expect(await facts()).toMatchObject({ status: 'failed', attempts: 2, hasText: true, mayRetry: true })
    expect(await failLostMail(house)).toBe(0)

    await retryMail(house, support, id)
    await expect(retryMail(house, support, id)).rejects.toMatchObject({ code: 'not_failed' })
    expect(await facts()).toMatchObject({ status: 'waiting', failure: null, mayRetry: false })
    expect((await claim()).payload).toEqual({ mail_id: id })
    await sendMail(house, id, { mailer })
    expect(mailer.sent.map(({ to }) => to)).toEqual([anna.email])
    expect(await facts()).toMatchObject({ status: 'sent', attempts: 3, hasText: false, mayRetry: false })
    await sendMail(house, id, { mailer })
    expect(mailer.sent).toHaveLength(1)
    expect((await actsOf(house, support.id)).filter((act) => act === 'mail.retried')).toHaveLength(1)
  })

  test('for ever, fails at once and keeps nothing that could be tried', async () => {
    const { house, support, id, facts } = await aHouseWithMail(ground)
    await sendMail(house, id, { mailer: aMailer(new PermanentMailFailure('refused')) })
    expect(await facts()).toMatchObject({
      status: 'failed',
      failure: 'refused',
      hasText: false,
      mayRetry: false,
    })
    await expect(retryMail(house, support, id)).rejects.toMatchObject({ code: 'not_failed' })
  })

  test('since every worker died with it, fails at the next sweep; trying it anew takes up its job', async () => {
    const { house, support, id, claim, facts } = await aHouseWithMail(ground)
    const job = await claim()
    await house.queue.complete(job)
    await house.db.transaction((tx) =>
      house.queue.enqueue(tx, { queue: 'mail.send', payload: { mail_id: id }, maxAttempts: 1 }),
    )
    await house.queue.fail(await claim(), { code: 'lease-expired' })
    expect(await facts()).toMatchObject({ status: 'waiting' })
    expect(await failLostMail(house)).toBe(1)
    expect(await facts()).toMatchObject({ status: 'failed', failure: 'lease-expired', mayRetry: true })
    await retryMail(house, support, id)
    expect(await house.queue.dead(10)).toEqual([])
    expect(await failLostMail(house)).toBe(0)
    await claim()
    const mailer = aMailer()
    await sendMail(house, id, { mailer })
    expect(mailer.sent).toHaveLength(1)
  })

  test('is not tried anew by whoever may only read the outbox', async () => {
    const { house, id } = await aHouseWithMail(ground)
    await sendMail(house, id, { mailer: aMailer(away()), lastAttempt: true })
    const auditor = asStaff((await aPerson(house, { role: 'auditor' })).id, 'auditor')
    expect(await mailFacts(house, auditor, id)).toMatchObject({ status: 'failed', mayRetry: false })
  })
})
