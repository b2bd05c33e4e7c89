/**
 * Pins, for each promise: the fault that must turn it red. And: a check that could not look and passes for kept; a result of
 * last week that passes for today's; a large table of which only the beginning is ever looked at.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { createApiKey, hashApiKey } from '#app/accounts/api-keys.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { reportOf } from '#compliance/provenance/report.ts'
import { appendAudit, auditKeys, checkpointAudit, prepareEntry } from '#compliance/records/audit.ts'
import { system } from '#core/actor.ts'
import { DAY, HOUR, MINUTE } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import { promiseGround } from '#jobs/promises.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { dataMap } from '../data-map/map.ts'
import { accountCategories, publishedAccountData } from './collected.ts'
import { promises } from './list.ts'
import type { PromiseGround } from './promise.ts'
import { runPromises, standingsOf } from './run.ts'

const logDay = (ms: number) => `fairframe-${new Date(ms).toISOString().slice(0, 10)}.log`

onBothGrounds('promises', (dialect) => {
  let house: TestHouse
  let ana: TestPerson
  let ground: PromiseGround

  beforeEach(async () => {
    house = await aHouse(dialect)
    ana = await aPerson(house)
    const good = { ...reportOf({ kind: 'nothing' }), integrity: 'unchanged', state: 'Trusted' } as const
    ground = {
      ...(await promiseGround(house, undefined)),
      // The reader itself is tested with real files beside it.
      readProvenance: async () => ({
        ...good,
        signer: { trusted: 'ours', name: null, organisation: null, serial: null, signedAt: null },
        generation: await house.db.read
          .selectFrom('stamp')
          .select('public_id')
          .executeTakeFirstOrThrow()
          .then(({ public_id }) => ({ publicId: public_id, verifyUrl: '' })),
      }),
    }
    await mkdir(ground.folders.logs, { recursive: true })
    await writeFile(join(ground.folders.logs, logDay(house.clock.now())), '{"msg":"ready"}\n')
  })

  const look = async (id: string) => {
    const [found] = await runPromises(ground, { ids: [id] })
    return { state: found?.state, ...found?.evidence }
  }
  const write = (work: Parameters<TestHouse['db']['transaction']>[0]) => house.db.transaction(work)
  /** Past the guards of types and keys, as a fault or an intruder would. */
  const raw = (statement: ReturnType<typeof sql>) => statement.execute(house.db.maintenance as never)

  test('a house that keeps them all shows them all kept, but for what nothing looks at yet', async () => {
    await aReadyVideo(house, ana.id)
    await createApiKey(house, { kind: 'person', id: ana.id }, { subject: ana.id, name: 'laptop' })
    const states = Object.fromEntries((await runPromises(ground)).map(({ id, state }) => [id, state]))
    const expected = Object.fromEntries(promises.map(({ id }) => [id, id === 'M1' ? 'not_made' : 'kept']))
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

  test('C5 breaks for a file without its row, once it is a day old', async () => {
    await aReadyVideo(house, ana.id)
    await write((tx) => tx.deleteFrom('stamp').execute())
    await write((tx) => tx.deleteFrom('asset').where('kind', '=', 'video').execute())
    expect(await look('C5')).toMatchObject({ state: 'kept', files: 3 })
    house.clock.advance(DAY + MINUTE)
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

  const call = (changes: object) =>
    write((tx) =>
      tx
        .insertInto('api_request')
        .values({
          id: newId('event', house.clock.now()),
          at: house.clock.now(),
          api_key_id: null,
          method: 'GET',
          endpoint: '/api/v1/generations/{id}',
          status: 200,
          ms: 1,
          bytes: 1,
          ...changes,
        })
        .execute(),
    )

  test('C6 breaks for a place to keep an address, for an endpoint that tells, and for a line that is too old', async () => {
    await call({})
    expect((await look('C6')).state).toBe('kept')
    await call({ endpoint: `/api/v1/generations/${newId('generation', 1)}` })
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

  test('T2 and C6 break for a line of the API log that is too old', async () => {
    await call({ at: house.clock.now() - 90 * DAY - 2 * HOUR })
    expect(await look('T2')).toMatchObject({ state: 'broken', too_old: 1 })
    expect(await look('C6')).toMatchObject({ state: 'broken', too_old: 1 })
  })

  test('T3 breaks for a log file, a row of the audit log, a session or a counter that should be gone', async () => {
    const now = house.clock.now()
    expect((await look('T3')).state).toBe('kept')
    await writeFile(join(ground.folders.logs, logDay(now - 40 * DAY)), 'old')
    expect((await look('T3')).state).toBe('broken')
    ground = { ...ground, folders: { ...ground.folders, logs: join(ground.folders.logs, 'none') } }
    expect(await look('T3')).toMatchObject({ state: 'kept', oldest_log_file: null })
    await write((tx) =>
      tx
        .insertInto('rate_counter')
        .values({ key: 'x', used: 1, resets_at: now - 2 * DAY })
        .execute(),
    )
    expect(await look('T3')).toMatchObject({ state: 'broken', counted_tries_too_old: 1 })
    await write((tx) => tx.deleteFrom('rate_counter').execute())
    await audited()
    house.clock.advance(183 * DAY)
    expect(await look('T3')).toMatchObject({ state: 'broken', audit_too_old: 1 })
  })

  test('A1 breaks for an active account that never answered', async () => {
    await write((tx) => tx.updateTable('subject').set({ old_enough: 0 }).execute())
    expect(await look('A1')).toMatchObject({ state: 'broken', without_answer: 1 })
    await write((tx) => tx.updateTable('subject').set({ status: 'suspended' }).execute())
    expect((await look('A1')).state).toBe('kept')
  })

  test('M1 is not made while nothing looks, kept when all three look, broken without a record', async () => {
    expect(await look('M1')).toMatchObject({ state: 'not_made', videos: 0 })
    await aReadyVideo(house, ana.id)
    expect(await look('M1')).toMatchObject({ state: 'not_made', where_nothing_looks_yet: 1 })
    const seen = { verdict: 'pass', looked_by: 'frames 1' } as const
    await write((tx) => tx.updateTable('screening').set(seen).execute())
    expect((await look('M1')).state).toBe('kept')
    await write((tx) =>
      tx.updateTable('screening').set({ looked_by: '' }).where('what', '=', 'prompt').execute(),
    )
    expect(await look('M1')).toMatchObject({ state: 'broken', without_a_record: 1 })
    await write((tx) => tx.deleteFrom('screening').where('what', '=', 'output').execute())
    expect((await look('M1')).state).toBe('broken')
  })

  test('M7 breaks for a file that is not the signed one, and for one that does not validate', async () => {
    const { id, sha256 } = await aReadyVideo(house, ana.id)
    await write((tx) => tx.updateTable('stamp').set({ sha256: 'another' }).execute())
    expect(await look('M7')).toMatchObject({ state: 'broken', without_statement: 1 })
    await write((tx) => tx.updateTable('stamp').set({ sha256 }).execute())
    expect(await look('M7')).toMatchObject({ state: 'kept', files_read: 1 })

    const reader = ground.readProvenance
    ground = { ...ground, readProvenance: async () => reportOf({ kind: 'nothing' }) }
    expect(await look('M7')).toMatchObject({ state: 'broken', files_that_do_not_validate: 1 })
    ground = { ...ground, readProvenance: undefined }
    expect(await look('M7')).toMatchObject({ state: 'not_made', reader: 'none here' })
    ground = { ...ground, readProvenance: reader }
    await house.objects.put(`generations/${id}/video`, pieces(randomBytes(500)))
    expect(await look('M7')).toMatchObject({ state: 'broken', files_that_do_not_validate: 1 })
  })

  test('S2 breaks for a prompt or an address in the clear', async () => {
    await aReadyVideo(house, ana.id)
    expect(await look('S2')).toMatchObject({
      state: 'kept',
      texts_opened: 3,
      files_opened: 3,
      canary_markers: 1,
    })
    await write((tx) => tx.updateTable('generation').set({ prompt_sealed: 'A boat.' }).execute())
    expect(await look('S2')).toMatchObject({ state: 'broken', texts_not_sealed: 1 })
  })

  test('S2 breaks for a file in the clear', async () => {
    const { id } = await aReadyVideo(house, ana.id)
    await house.objects.put(`generations/${id}/poster`, pieces(randomBytes(500)))
    expect(await look('S2')).toMatchObject({ state: 'broken', files_not_sealed: 1 })
  })

  test('S2 breaks when the canary’s marker lies raw in the database, a log or the scratch folder', async () => {
    const [marker] = await ground.canaryMarkers()
    expect((await look('S2')).state).toBe('kept')
    await call({ method: `x${marker}` })
    expect(await look('S2')).toMatchObject({
      state: 'broken',
      markers_found_in: expect.stringContaining(dialect === 'sqlite' ? 'database' : 'api_request'),
    })
    await write((tx) => tx.deleteFrom('api_request').execute())
    if (dialect === 'sqlite') await raw(sql`pragma wal_checkpoint(truncate)`)
    expect((await look('S2')).state).toBe('kept')
    await mkdir(ground.folders.scratch, { recursive: true })
    await writeFile(
      join(ground.folders.scratch, 'prompt.txt'),
      Buffer.concat([randomBytes(5_000_000), Buffer.from(`${marker}`)]),
    )
    await writeFile(join(ground.folders.logs, logDay(house.clock.now())), `{"msg":"${marker}"}`)
    expect(await look('S2')).toMatchObject({ state: 'broken', markers_found_in: 'logs, scratch' })
  })

  test('S3 breaks for a whole key that is stored, one without an end, and one that ends unannounced', async () => {
    const { key, id } = await createApiKey(
      house,
      { kind: 'person', id: ana.id },
      { subject: ana.id, name: 'x' },
    )
    expect(await look('S3')).toMatchObject({ state: 'kept', living_keys: 1 })
    await call({ method: `GET ${key.slice(0, -1)}_` })
    expect((await look('S3')).state).toBe('kept')
    await call({ method: `GET ${key}` })
    expect(await look('S3')).toMatchObject({ state: 'broken', ending_unannounced: 0 })
    await write((tx) => tx.deleteFrom('api_request').execute())
    if (dialect === 'sqlite') await raw(sql`pragma wal_checkpoint(truncate)`)
    await write((tx) => tx.updateTable('api_key').set({ hash: 'short' }).where('id', '=', id).execute())
    expect(await look('S3')).toMatchObject({ state: 'broken', not_as_hash_with_end: 1 })
    await write((tx) =>
      tx
        .updateTable('api_key')
        .set({ hash: hashApiKey(key) })
        .execute(),
    )
    house.clock.advance(360 * DAY)
    expect(await look('S3')).toMatchObject({ state: 'broken', ending_unannounced: 1 })
    await write((tx) => tx.updateTable('api_key').set({ reminded_at: house.clock.now() }).execute())
    expect((await look('S3')).state).toBe('kept')
  })

  test('S4 breaks for links that never end, or that open what they do not name', async () => {
    const secret = randomBytes(32)
    const honest = (clock: PromiseGround['clock']) => signedLinks(secret, clock)
    ground = { ...ground, linksAt: () => honest(house.clock) }
    expect(await look('S4')).toMatchObject({ state: 'broken', expired_link_opens: true })
    ground = { ...ground, linksAt: (clock) => ({ ...honest(clock), check: (path) => !path.endsWith('x') }) }
    expect(await look('S4')).toMatchObject({ state: 'broken', altered_links_that_open: 4 })
    ground = { ...ground, linksAt: (clock) => ({ ...honest(clock), check: () => false }) }
    expect(await look('S4')).toMatchObject({ state: 'broken', good_link_opens: false })
  })

  async function audited(): Promise<void> {
    const entry = await prepareEntry(house, { actor: system('test'), act: 'console.read' })
    await write((tx) => appendAudit(tx, entry))
  }

  test('S6 breaks for a row that was changed, before the last checkpoint and after it', async () => {
    const { privateKey } = await auditKeys(house.keyring)
    for (let i = 0; i < 3; i++) await audited()
    await write((tx) => checkpointAudit(tx, privateKey, house.clock.now()))
    for (let i = 0; i < 3; i++) await audited()
    expect(await look('S6')).toMatchObject({ state: 'kept', rows: 6 })
    house.clock.advance(HOUR)
    expect(await look('S6')).toMatchObject({ state: 'kept', rows: 3, since_checkpoint: 3 })

    await raw(
      dialect === 'sqlite' ? sql`drop trigger audit_no_update` : sql`drop trigger audit_append_only on audit`,
    )
    await raw(sql`update audit set actor_id = 'nobody' where seq = 5`)
    expect(await look('S6')).toMatchObject({ state: 'broken', broken_at: 5 })
    // And it stays broken: the next look is at the whole chain again.
    expect(await look('S6')).toMatchObject({ state: 'broken', broken_at: 5, why: 'altered' })
    await raw(sql`update audit set actor_id = 'test' where seq = 5`)
    expect((await look('S6')).state).toBe('kept')
    await raw(sql`update audit set act = 'role.changed' where seq = 2`)
    house.clock.advance(DAY + 1)
    expect(await look('S6')).toMatchObject({ state: 'broken', broken_at: 2 })
  })

  test('a result is known for a day; a check that cannot look leaves the one before it', async () => {
    expect((await standingsOf(house.db.read, house.clock.now()))[0]).toMatchObject({
      state: 'unknown',
      checkedAt: null,
    })
    await runPromises(ground, { ids: ['C2'] })
    const failing = promises.map((one) => ({ ...one, check: () => Promise.reject(new Error('away')) }))
    house.clock.advance(23 * HOUR)
    const standing = async () => (await runPromises(ground, { ids: ['C2'], list: failing }))[0]
    expect(await standing()).toMatchObject({ state: 'kept', evidence: { hashes: 1 } })
    expect(house.logged.join()).toContain('could not be looked at')
    house.clock.advance(HOUR)
    expect(await standing()).toMatchObject({ state: 'unknown' })
  })

  test('the canary is made once, and nobody can use it', async () => {
    const first = await ground.canaryMarkers()
    expect(await ground.canaryMarkers()).toEqual(first)
    const rows = await house.db.read.selectFrom('subject').select('status').execute()
    expect(rows.map(({ status }) => status).sort()).toEqual(['active', 'suspended'])
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

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
