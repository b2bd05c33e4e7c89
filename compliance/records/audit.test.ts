/**
 * Pins: a row that was altered, removed from the middle or cut off the end; two rows that follow the same one; old rows
 * that go without a checkpoint; a reason that lies in the clear.
 */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { command, system } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import { aHouse, type TestHouse } from '#test/factories/house.ts'
import { type GroundName, onBothGrounds } from '#test/grounds.ts'
import {
  type AuditEntry,
  appendAudit,
  auditKeys,
  checkpointAudit,
  prepareEntry,
  pruneAudit,
  verifyAudit,
} from './audit.ts'

async function write(house: TestHouse, entry: Partial<AuditEntry> = {}): Promise<void> {
  const prepared = await prepareEntry(house, { actor: command, act: 'audit.verified', ...entry })
  await house.db.transaction((tx) => appendAudit(tx, prepared))
}

const verdict = (house: TestHouse) => verifyAudit(house)

/** What somebody with the database in hand could do: the trigger is theirs to drop. */
async function tamper(
  house: TestHouse,
  ground: GroundName,
  work: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  await house.db.transaction(async (tx) => {
    if (ground === 'sqlite') {
      await sql`drop trigger audit_no_update`.execute(tx)
      await sql`drop trigger audit_no_delete`.execute(tx)
    } else await sql`drop trigger audit_append_only on audit`.execute(tx)
    await work(tx)
  })
}

onBothGrounds('the audit log', (ground) => {
  test('is whole after many writers at once, in one chain', async () => {
    const house = await aHouse(ground)
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(house, { detail: { i } })))
    expect(await verdict(house)).toEqual({ ok: true, rows: 20, fromCheckpoint: null })
  })

  test('names the first row that was altered, in whichever column', async () => {
    for (const change of [{ act: 'other' }, { at: 5 }, { actor_id: 'x' }, { detail: '{"i":9}' as never }]) {
      const house = await aHouse(ground)
      for (let i = 0; i < 4; i++) await write(house, { detail: { i } })
      await tamper(house, ground, (tx) => tx.updateTable('audit').set(change).where('seq', '=', 3).execute())
      expect(await verdict(house), JSON.stringify(change)).toMatchObject({
        ok: false,
        seq: 3,
        why: 'altered',
      })
    }
  })

  test('misses a row taken from the middle, and one cut off the end behind a checkpoint', async () => {
    const house = await aHouse(ground)
    for (let i = 0; i < 5; i++) await write(house)
    const { privateKey } = await auditKeys(house.keyring)
    await house.db.transaction((tx) => checkpointAudit(tx, privateKey, house.clock.now()))
    await tamper(house, ground, (tx) => tx.deleteFrom('audit').where('seq', '=', 5).execute())
    expect(await verdict(house)).toMatchObject({ ok: false, seq: 5, why: 'end_missing' })
    await house.db.transaction((tx) => tx.deleteFrom('audit').where('seq', '=', 2).execute())
    expect(await verdict(house)).toMatchObject({ ok: false, seq: 2, why: 'missing' })
  })

  test('a whole chain written anew does not meet its checkpoint', async () => {
    const house = await aHouse(ground)
    await write(house, { detail: { credits: 1_000_000 } })
    const { privateKey } = await auditKeys(house.keyring)
    await house.db.transaction((tx) => checkpointAudit(tx, privateKey, house.clock.now()))
    await tamper(house, ground, (tx) => tx.deleteFrom('audit').execute())
    const { linkHash } = await import('./audit.ts')
    const forged = await prepareEntry(house, { actor: command, act: 'audit.verified' })
    const row = { ...forged, seq: 1, previous_hash: '' }
    await house.db.transaction((tx) =>
      tx
        .insertInto('audit')
        .values({ ...row, hash: linkHash(row) })
        .execute(),
    )
    expect(await verdict(house)).toMatchObject({ ok: false, seq: 1, why: 'altered' })
  })

  test('old rows go in whole segments behind a checkpoint, and the rest still verifies', async () => {
    const house = await aHouse(ground)
    const { privateKey } = await auditKeys(house.keyring)
    for (let i = 0; i < 3; i++) await write(house, { note: `reason ${i}` })
    const before = () => house.clock.now() - 30 * DAY
    expect(await house.db.transaction((tx) => pruneAudit(tx, before()))).toEqual({ rows: 0, noteKeys: [] })
    await house.db.transaction((tx) => checkpointAudit(tx, privateKey, house.clock.now()))
    house.clock.advance(31 * DAY)
    for (let i = 0; i < 2; i++) await write(house)
    const gone = await house.db.transaction((tx) => pruneAudit(tx, before()))
    expect(gone.rows).toBe(3)
    expect(gone.noteKeys).toHaveLength(3)
    expect(await verdict(house)).toEqual({ ok: true, rows: 2, fromCheckpoint: 3 })
  })

  test('a checkpoint with another signature is refused', async () => {
    const house = await aHouse(ground)
    await write(house)
    const { privateKey } = await auditKeys(house.keyring)
    await house.db.transaction((tx) => checkpointAudit(tx, privateKey, house.clock.now()))
    await house.db.transaction((tx) => tx.updateTable('audit_checkpoint').set({ at: 1 }).execute())
    expect(await verdict(house)).toMatchObject({ ok: false, why: 'checkpoint_broken' })
  })

  test('a reason is sealed, and the chain verifies without its key', async () => {
    const house = await aHouse(ground)
    await write(house, { actor: system('test'), note: 'Her letter of 3 May asks for it' })
    const row = await house.db.read.selectFrom('audit').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain('letter')
    expect(row.note_key_id).toBeTruthy()
    await house.keyring.destroy([row.note_key_id as NonNullable<typeof row.note_key_id>])
    expect(await verdict(house)).toMatchObject({ ok: true, rows: 1 })
  })
})
