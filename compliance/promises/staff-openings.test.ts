/**
 * Pins: staff who open something past the log (promise S5); a log that claims what was never opened; an opening on one day
 * that a claim of another day hides; a false alarm for a look that is under way, for one at midnight, and for days of
 * which the log has gone; a difference of long ago that one good look makes green.
 */
import { expect, test } from 'vitest'
import { openAsStaff } from '#app/console/open-as-staff.ts'
import { findPerson, lookUpPerson, newestPeople } from '#app/console/people.ts'
import { asStaff } from '#app/console/testing.ts'
import {
  appendAudit,
  auditKeys,
  checkpointAudit,
  prepareEntry,
  pruneAudit,
} from '#compliance/records/audit.ts'
import { accessOf, command, system } from '#core/actor.ts'
import { DAY, HOUR, SECOND } from '#core/clock/clock.ts'
import { aPerson } from '#test/factories/house.ts'
import { aPromiseBed } from '#test/factories/promises.ts'
import { onBothGrounds } from '#test/grounds.ts'
import type { Evidence } from './promise.ts'
import { staffOpenings } from './staff-openings.ts'

onBothGrounds('what staff open, counted twice', (dialect) => {
  const bedWithStaff = async () => {
    const bed = await aPromiseBed(dialect)
    const { house, ana } = bed
    const midnight = house.clock.now() - (house.clock.now() % DAY) + DAY
    house.clock.set(midnight + 12 * HOUR)
    const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
    const { key_id } = await house.db.read
      .selectFrom('subject')
      .select('key_id')
      .where('id', '=', ana.id)
      .executeTakeFirstOrThrow()
    let evidence: Evidence = {}
    let pauses = 0
    return {
      ...bed,
      owner,
      midnight,
      pastTheLog: (actor: Parameters<typeof accessOf>[0] = owner) =>
        house.keyring.open([key_id], accessOf(actor, 'people.look_up', ana.id)),
      claim: async (opened: number, actor: Parameters<typeof accessOf>[0] = owner) => {
        const entry = await prepareEntry(house, { actor, act: 'console.read', detail: { opened } })
        await house.db.transaction((tx) => appendAudit(tx, entry))
      },
      compare: async (meanwhile: () => Promise<unknown> = async () => {}) => {
        pauses = 0
        const pause = async () => {
          pauses += 1
          await meanwhile()
        }
        const outcome = await staffOpenings(pause).check(bed.ground, evidence)
        evidence = outcome.evidence
        return { state: outcome.state, pauses, ...evidence }
      },
    }
  }

  test('S5 holds while every look of the console is in the log, also from the command line', async () => {
    const { house, ana, owner, look, pastTheLog, claim } = await bedWithStaff()
    expect(await look('S5')).toMatchObject({ state: 'kept', openings: 0, staff: 0 })
    const opened = (await newestPeople(house, owner)).length
    await lookUpPerson(house, owner, ana.id)
    await findPerson(house, owner, ana.id)
    await pastTheLog(system('worker'))
    await pastTheLog(command)
    await claim(1, command)
    expect(await look('S5')).toMatchObject({
      state: 'kept',
      staff: 2,
      openings: opened + 2,
      opened_without_a_record: 0,
      differs_on: null,
    })
  })

  test('S5 breaks for an opening that the log does not know, and names its day', async () => {
    const { house, ana, owner, midnight, pastTheLog, compare } = await bedWithStaff()
    await lookUpPerson(house, owner, ana.id)
    await pastTheLog()
    const day = new Date(midnight).toISOString().slice(0, 10)
    const found = { state: 'broken', opened_without_a_record: 1, differs_on: day }
    expect(await compare()).toMatchObject({ ...found, pauses: 3 })
    // Days later, when only the newest would be looked at, it is still there.
    house.clock.advance(5 * DAY)
    expect(await compare()).toMatchObject(found)
    expect(await compare()).toMatchObject(found)
  })

  test('S5 breaks for a record of what was not opened, also where it would make up for another day', async () => {
    const { house, owner, pastTheLog, claim, compare } = await bedWithStaff()
    await claim(2)
    expect(await compare()).toMatchObject({ state: 'broken', recorded_without_an_opening: 2 })
    const other = asStaff((await aPerson(house, { role: 'support' })).id, 'support')
    await pastTheLog(other)
    await pastTheLog(other)
    expect(await compare()).toMatchObject({ state: 'broken', opened_without_a_record: 2 })
    house.clock.advance(DAY)
    await claim(2, other)
    await pastTheLog(owner)
    await pastTheLog(owner)
    expect(await compare()).toMatchObject({
      state: 'broken',
      opened_without_a_record: 4,
      recorded_without_an_opening: 4,
    })
  })

  test('a look that is under way is waited for', async () => {
    const { house, ana, owner, compare, pastTheLog } = await bedWithStaff()
    let end = () => {}
    const held = new Promise<void>((resolve) => {
      end = resolve
    })
    let begun = () => {}
    const opening = new Promise<void>((resolve) => {
      begun = resolve
    })
    const look = openAsStaff(house, { actor: owner, act: 'person.looked_up' }, async (keyring) => {
      const { key_id } = await house.db.read
        .selectFrom('subject')
        .select('key_id')
        .where('id', '=', ana.id)
        .executeTakeFirstOrThrow()
      await keyring.open([key_id], accessOf(owner, 'people.look_up', ana.id))
      begun()
      await held
    })
    await opening
    const ends = async () => {
      end()
      await look
    }
    expect(await compare(ends)).toMatchObject({ state: 'kept', pauses: 1, openings: 1 })
    await pastTheLog()
    expect(await compare()).toMatchObject({ state: 'broken' })
  })

  test('a look at midnight is counted on one day and recorded on the next, without alarm', async () => {
    const { house, midnight, pastTheLog, claim, compare } = await bedWithStaff()
    await compare()
    house.clock.set(midnight + DAY - 1)
    await pastTheLog()
    house.clock.set(midnight + DAY + SECOND)
    await claim(1)
    expect(await compare()).toMatchObject({ state: 'kept', openings: 1 })
    // On the day after, that look was before the first day that is compared.
    house.clock.set(midnight + 2 * DAY + HOUR)
    expect(await compare()).toMatchObject({ state: 'kept' })
    house.clock.advance(HOUR)
    expect(await compare()).toMatchObject({ state: 'kept', openings: 0 })
  })

  test('days of which the log has gone by its age are not compared', async () => {
    const { house, pastTheLog, claim, compare, write } = await bedWithStaff()
    const { privateKey } = await auditKeys(house.keyring)
    await pastTheLog()
    await claim(1)
    await write((tx) => checkpointAudit(tx, privateKey, house.clock.now()))
    house.clock.advance(100 * DAY)
    await pastTheLog()
    await claim(1)
    expect(await compare()).toMatchObject({ state: 'kept', openings: 2 })
    await write((tx) => pruneAudit(tx, house.clock.now() - DAY))
    house.clock.advance(DAY + HOUR)
    expect(await compare()).toMatchObject({ state: 'kept', openings: 1 })
    await pastTheLog()
    expect(await compare()).toMatchObject({ state: 'broken', opened_without_a_record: 1 })
  })
})
