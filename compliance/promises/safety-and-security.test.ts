/** Pins, for children, screening, marking and security: the fault that must turn each promise red. */

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { createApiKey, hashApiKey } from '#app/accounts/api-keys.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { addReference } from '#app/studio/references/references.ts'
import { reportOf } from '#compliance/provenance/report.ts'
import { appendAudit, auditKeys, checkpointAudit, prepareEntry } from '#compliance/records/audit.ts'
import { system } from '#core/actor.ts'
import { DAY, HOUR } from '#core/clock/clock.ts'
import { toJson } from '#core/db/columns.ts'
import type { TestHouse } from '#test/factories/house.ts'
import { aPromiseBed, type PromiseBed } from '#test/factories/promises.ts'
import { fixture } from '#test/factories/provider-job.ts'
import { onBothGrounds } from '#test/grounds.ts'
import type { PromiseGround } from './promise.ts'

onBothGrounds('what is promised of safety and security', (dialect) => {
  let bed: PromiseBed
  let { look, write, raw, call, house, ana } = {} as PromiseBed
  beforeEach(async () => {
    bed = await aPromiseBed(dialect)
    ;({ look, write, raw, call, house, ana } = bed)
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

  test('M1 looks at every file a video was made from', async () => {
    const { id } = await aReadyVideo(house, ana.id)
    const reference = await addReference(house, ana.id, await readFile(fixture.picture))
    await write(async (tx) => {
      const input = { generation_id: id, subject_id: ana.id, reference_id: reference }
      await tx
        .insertInto('generation_input')
        .values({ ...input, role: 'first_frame', position: 0 })
        .execute()
      await tx.updateTable('screening').set({ verdict: 'pass', looked_by: 'frames 1' }).execute()
    })
    expect((await look('M1')).state).toBe('kept')
    await write((tx) =>
      tx
        .updateTable('screening')
        .set({ verdict: 'nothing_looked' })
        .where('what', '=', 'reference')
        .execute(),
    )
    expect((await look('M1')).state).toBe('not_made')
    await write((tx) => tx.deleteFrom('screening').where('what', '=', 'reference').execute())
    expect(await look('M1')).toMatchObject({ state: 'broken', without_a_record: 1 })
  })

  test('M1 counts what was seen of a video when it was made for what goes on with it', async () => {
    const [first, next] = [await aReadyVideo(house, ana.id), await aReadyVideo(house, ana.id)]
    await write(async (tx) => {
      const input = { generation_id: next.id, subject_id: ana.id, source_id: first.id }
      await tx
        .insertInto('generation_input')
        .values({ ...input, role: 'extend', position: 0 })
        .execute()
      await tx.updateTable('screening').set({ verdict: 'pass', looked_by: 'frames 1' }).execute()
    })
    expect((await look('M1')).state).toBe('kept')
    await write((tx) =>
      tx.deleteFrom('screening').where('generation_id', '=', first.id).where('what', '=', 'output').execute(),
    )
    expect(await look('M1')).toMatchObject({ state: 'broken', without_a_record: 2 })
  })

  test('M1 is still kept by the run after one that ended exactly with the last video', async () => {
    const { id } = await aReadyVideo(house, ana.id)
    const seen = { verdict: 'pass', looked_by: 'frames 1' } as const
    await write((tx) => tx.updateTable('screening').set(seen).execute())
    expect((await look('M1')).state).toBe('kept')
    const evidence = toJson({ next: id, next_unseen: id })
    await write((tx) => tx.updateTable('promise_check').set({ evidence }).execute())
    expect(await look('M1')).toMatchObject({ state: 'kept', videos: 1 })
  })

  test('M7 breaks for a file that is not the signed one, and for one that does not validate', async () => {
    const { id } = await aReadyVideo(house, ana.id)
    for (const kind of ['video', 'poster', 'preview']) {
      await raw(sql`update stamp set sha256 = 'another'
        where asset_id in (select id from asset where kind = ${kind})`)
      expect(await look('M7'), kind).toMatchObject({ state: 'broken', without_statement: 1 })
      await raw(sql`update stamp set sha256 = (select sha256 from asset where id = asset_id)`)
      expect(await look('M7')).toMatchObject({ state: 'kept', files_that_do_not_validate: 0 })
    }

    const reader = bed.ground.readProvenance
    bed.ground = { ...bed.ground, readProvenance: async () => reportOf({ kind: 'nothing' }) }
    expect(await look('M7')).toMatchObject({
      state: 'broken',
      files_that_do_not_validate: expect.any(Number),
    })
    bed.ground = { ...bed.ground, readProvenance: undefined }
    expect(await look('M7')).toMatchObject({ state: 'not_made', reader: 'none here' })
    bed.ground = { ...bed.ground, readProvenance: reader }
    for (const kind of ['video', 'poster', 'preview'])
      await house.objects.put(`generations/${id}/${kind}`, pieces(randomBytes(500)))
    expect(await look('M7')).toMatchObject({ state: 'broken' })
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
    bed.ground = { ...bed.ground, linksAt: () => honest(house.clock) }
    expect(await look('S4')).toMatchObject({ state: 'broken', expired_link_opens: true })
    bed.ground = {
      ...bed.ground,
      linksAt: (clock) => ({ ...honest(clock), check: (path) => !path.endsWith('x') }),
    }
    expect(await look('S4')).toMatchObject({ state: 'broken', altered_links_that_open: 4 })
    bed.ground = { ...bed.ground, linksAt: (clock) => ({ ...honest(clock), check: () => false }) }
    expect(await look('S4')).toMatchObject({ state: 'broken', good_link_opens: false })
  })

  test('S6 breaks for a row that was changed, before the last checkpoint and after it', async () => {
    const { privateKey } = await auditKeys(house.keyring)
    for (let i = 0; i < 3; i++) await audited(house)
    await write((tx) => checkpointAudit(tx, privateKey, house.clock.now()))
    for (let i = 0; i < 3; i++) await audited(house)
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
})

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function audited(house: TestHouse): Promise<void> {
  const entry = await prepareEntry(house, { actor: system('test'), act: 'console.read' })
  await house.db.transaction((tx) => appendAudit(tx, entry))
}
