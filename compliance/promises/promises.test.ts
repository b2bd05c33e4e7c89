/**
 * Pins, for what is collected and how long it is kept: the fault that must turn each promise red. And: a check that could not
 * look and passes for kept; a result of last week that passes for today's.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { createApiKey } from '#app/accounts/api-keys.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { system } from '#core/actor.ts'
import { DAY, HOUR, MINUTE } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import { aPerson, type TestHouse } from '#test/factories/house.ts'
import { aPromiseBed, logDay, type PromiseBed } from '#test/factories/promises.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { dataMap } from '../data-map/map.ts'
import { accountCategories, publishedAccountData } from './collected.ts'
import { promises } from './list.ts'
import { runPromises, standingsOf } from './run.ts'

onBothGrounds('what is promised of collecting and keeping', (dialect) => {
  let bed: PromiseBed
  let { look, write, raw, call, house, ana } = {} as PromiseBed
  beforeEach(async () => {
    bed = await aPromiseBed(dialect)
    ;({ look, write, raw, call, house, ana } = bed)
  })

  test('a house that keeps them all shows them all kept, but for what nothing looks at yet', async () => {
    await aReadyVideo(house, ana.id)
    await createApiKey(house, { kind: 'person', id: ana.id }, { subject: ana.id, name: 'laptop' })
    const states = Object.fromEntries((await runPromises(bed.ground)).map(({ id, state }) => [id, state]))
    // Nothing looks at videos yet, and no drill restores backups.
    const notMade = ['M1', 'T7']
    const expected = Object.fromEntries(
      promises.map(({ id }) => [id, notMade.includes(id) ? 'not_made' : 'kept']),
    )
    expect(states).toEqual(expected)
    expect(house.logged.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })

  test('C1 breaks when a column is added that nobody classified', async () => {
    await raw(sql`alter table subject add column shoe_size integer`)
    expect(await look('C1')).toMatchObject({ state: 'broken', columns_without_entry: 'subject.shoe_size' })
  })

  test('C1 breaks when the map speaks of a column that is gone', async () => {
    await raw(sql`alter table api_key drop column reminded_at`)
    expect(await look('C1')).toMatchObject({ state: 'broken', entries_without_column: 'api_key.reminded_at' })
  })

  test('C2 breaks for a hash that is cheap, or none', async () => {
    const cheap = '$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$ZmFzdA'
    await write((tx) => tx.updateTable('password').set({ hash: cheap }).execute())
    expect(await look('C2')).toMatchObject({ state: 'broken', wrong: 1 })
    await write((tx) => tx.updateTable('password').set({ hash: 'hunter2' }).execute())
    expect(await look('C2')).toMatchObject({ state: 'broken', hashes: 1 })
  })

  test('C5 breaks for a file without its row, once it is a day old and the sweep has not taken it', async () => {
    await aReadyVideo(house, ana.id)
    await write((tx) => tx.deleteFrom('stamp').execute())
    await write((tx) => tx.deleteFrom('asset').where('kind', '=', 'video').execute())
    expect(await look('C5')).toMatchObject({ state: 'kept', files: 3 })
    // The sweep has its turn first.
    house.clock.advance(DAY + HOUR)
    expect(await look('C5')).toMatchObject({ state: 'kept' })
    house.clock.advance(HOUR + MINUTE)
    expect(await look('C5')).toMatchObject({ state: 'broken', files_without_row: 1 })
  })

  test('C5 breaks for a file that belongs to another person than its video', async () => {
    await aReadyVideo(house, ana.id)
    const ben = await aPerson(house)
    await write((tx) =>
      tx.updateTable('asset').set({ subject_id: ben.id }).where('kind', '=', 'poster').execute(),
    )
    expect(await look('C5')).toMatchObject({ state: 'broken', rows_without_owner: 1 })
    await write((tx) => tx.updateTable('asset').set({ subject_id: ana.id }).execute())
    expect(await look('C5')).toMatchObject({ state: 'kept', rows: 4 })
  })

  test('C6 breaks for a place to keep an address, for an endpoint that tells, and for a line that is too old', async () => {
    await call({})
    expect((await look('C6')).state).toBe('kept')
    await call({ endpoint: `/api/v1/generations/${newId('generation', 1)}` })
    expect(await look('C6')).toMatchObject({ state: 'broken', endpoints_that_tell: 1 })
    await write((tx) => tx.deleteFrom('api_request').execute())
    await call({ method: 'GET from 192.0.2.1' })
    expect(await look('C6')).toMatchObject({ state: 'broken', endpoints_that_tell: 1 })
    await write((tx) => tx.deleteFrom('api_request').execute())
    await raw(sql`alter table api_request add column address text`)
    expect(await look('C6')).toMatchObject({ state: 'broken', surplus_columns: 'address' })
  })

  test('T1 breaks for a video that the sweep forgot, and for one without an end', async () => {
    const { id } = await aReadyVideo(house, ana.id)
    house.clock.advance(30 * DAY + 30 * MINUTE)
    expect((await look('T1')).state).toBe('kept')
    house.clock.advance(HOUR)
    expect(await look('T1')).toMatchObject({ state: 'broken', overdue: 1 })
    await write((tx) => tx.updateTable('generation').set({ expires_at: null }).where('id', '=', id).execute())
    expect(await look('T1')).toMatchObject({ state: 'broken', without_time: 1 })
    await write((tx) => tx.updateTable('generation').set({ saved_at: 1 }).where('id', '=', id).execute())
    expect((await look('T1')).state).toBe('kept')
  })

  test('T1 breaks for what failed or was refused and has no end, and for what went and left its words or files', async () => {
    const { id } = await aReadyVideo(house, ana.id)
    const change = (columns: object) =>
      write((tx) => tx.updateTable('generation').set(columns).where('id', '=', id).execute())
    for (const state of ['blocked', 'failed', 'cancelled']) {
      await change({ state, expires_at: null })
      expect(await look('T1')).toMatchObject({ state: 'broken', without_time: 1 })
    }
    await change({ state: 'expired', prompt_sealed: '' })
    expect(await look('T1')).toMatchObject({ state: 'broken', gone_with_content: 1 })
    await write((tx) => tx.deleteFrom('stamp').execute())
    await write((tx) => tx.deleteFrom('asset').execute())
    expect((await look('T1')).state).toBe('kept')
    await change({ prompt_sealed: 'v1.x' })
    expect(await look('T1')).toMatchObject({ state: 'broken', gone_with_content: 1 })
  })

  test('T2 and C6 break for a line of the API log that is too old', async () => {
    await call({ at: house.clock.now() - 90 * DAY - 2 * HOUR })
    expect(await look('T2')).toMatchObject({ state: 'broken', too_old: 1 })
    expect(await look('C6')).toMatchObject({ state: 'broken', too_old: 1 })
  })

  test('T3 breaks for a log file, a row of the audit log, a session or a counter that should be gone', async () => {
    const now = house.clock.now()
    expect((await look('T3')).state).toBe('kept')
    await writeFile(join(bed.ground.folders.logs, logDay(now - 40 * DAY)), 'old')
    expect((await look('T3')).state).toBe('broken')
    bed.ground = {
      ...bed.ground,
      folders: { ...bed.ground.folders, logs: join(bed.ground.folders.logs, 'none') },
    }
    expect(await look('T3')).toMatchObject({ state: 'kept', oldest_log_file: null })
    await write((tx) =>
      tx
        .insertInto('rate_counter')
        .values({ key: 'x', used: 1, resets_at: now - 2 * DAY })
        .execute(),
    )
    expect(await look('T3')).toMatchObject({ state: 'broken', counted_tries_too_old: 1 })
    await write((tx) => tx.deleteFrom('rate_counter').execute())
    await audited(house)
    house.clock.advance(183 * DAY)
    expect(await look('T3')).toMatchObject({ state: 'broken', audit_too_old: 1 })
  })

  test('a result is known for a day; a check that cannot look leaves the one before it', async () => {
    expect((await standingsOf(house.db.read, house.clock.now()))[0]).toMatchObject({
      state: 'unknown',
      checkedAt: null,
    })
    await runPromises(bed.ground, { ids: ['C2'] })
    const failing = promises.map((one) => ({ ...one, check: () => Promise.reject(new Error('away')) }))
    house.clock.advance(23 * HOUR)
    const standing = async () => (await runPromises(bed.ground, { ids: ['C2'], list: failing }))[0]
    expect(await standing()).toMatchObject({ state: 'kept', evidence: { hashes: 1 } })
    expect(house.logged.join()).toContain('could not be looked at')
    house.clock.advance(HOUR)
    expect(await standing()).toMatchObject({ state: 'unknown' })
  })
})

describe('without a database', () => {
  test('what the policy says of an account is what the map says', () => {
    expect(accountCategories(dataMap)).toEqual(publishedAccountData)
    const grown = {
      ...dataMap,
      session: {
        columns: { ...dataMap.session.columns, address: { data: 'credits', export: 'address' } },
      },
    }
    expect(accountCategories(grown as never)).not.toEqual(publishedAccountData)
  })

  test('each has a sentence, a mechanism and a name of its own', () => {
    expect(new Set(promises.map(({ id }) => id)).size).toBe(promises.length)
    for (const { id, sentence, keptBy } of promises) {
      expect(id).toMatch(/^[A-Z]\d$/)
      expect(sentence.text).toMatch(/\.$/)
      expect(keptBy.text).toMatch(/\.$/)
    }
  })
})

async function audited(house: TestHouse): Promise<void> {
  const entry = await prepareEntry(house, { actor: system('test'), act: 'console.read' })
  await house.db.transaction((tx) => appendAudit(tx, entry))
}
