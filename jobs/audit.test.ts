/** Pins: rows of the audit log that went, and a process killed before it wrote down that they did. */
import { expect, test } from 'vitest'
import type { House } from '#app/house.ts'
import { appendAudit, prepareEntry, verifyAudit } from '#compliance/records/audit.ts'
import { system } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import { aHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { checkpoint } from './audit.ts'

onBothGrounds('the daily work on the audit log', (ground) => {
  test('lets old rows go, and at no commit are they gone without a record of it', async () => {
    const house = await aHouse(ground)
    const { db, clock, config } = house
    const said = await prepareEntry(house, { actor: system('test'), act: 'keys.rotated', note: 'Why.' })
    await db.transaction((tx) => appendAudit(tx, said))
    await checkpoint(house)
    clock.advance((config.keepAuditDays + 1) * DAY)

    const standing = async () => {
      const rows = await db.read.selectFrom('audit').select(['id', 'act', 'detail']).execute()
      const records = rows.filter(({ act }) => act === 'audit.pruned').map(({ detail }) => fromJson(detail))
      const { destroyed } = await db.read
        .selectFrom('key_destruction')
        .select((e) => e.fn.countAll<number>().as('destroyed'))
        .where('cause', '=', 'audit.pruned')
        .executeTakeFirstOrThrow()
      const jobs = (await house.queue.counts())['keys.destroy'].waiting
      return { old: rows.some(({ id }) => id === said.id), records, destroyed, jobs }
    }
    const atCommits = new Set<string>()
    const watched: House = {
      ...house,
      db: {
        ...db,
        transaction: async (work) => {
          const answer = await db.transaction(work)
          atCommits.add(JSON.stringify(await standing()))
          return answer
        },
      },
    }
    await checkpoint(watched)
    expect([...atCommits].map((text) => JSON.parse(text))).toEqual([
      { old: true, records: [], destroyed: 0, jobs: 0 },
      { old: false, records: [{ rows: 2 }], destroyed: 1, jobs: 1 },
    ])
    expect(await verifyAudit(house)).toMatchObject({ ok: true })
  })
})
