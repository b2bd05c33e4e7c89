/**
 * Pins: an end that is cut off together with its checkpoint, and a beginning that is let go too early, both unseen by whoever
 * reads the data alone; a log line that hides the hash or the signature it is there for; a restored backup that is
 * called broken for ever, or broken without a word of what happened; an acceptance that forgives an altered row.
 */
import { verify } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { command, system } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import { checkpoint } from '#jobs/audit.ts'
import { aPromiseBed } from '#test/factories/promises.ts'
import { type GroundName, onBothGrounds } from '#test/grounds.ts'
import { appendAudit, auditKeys, prepareEntry, verifyAudit } from './audit.ts'
import { acceptRestored, signAudit } from './audit-signing.ts'
import { canonicalJson } from './canonical-json.ts'

onBothGrounds('the audit log, signed', (dialect: GroundName) => {
  const aLog = async () => {
    const bed = await aPromiseBed(dialect)
    const { house, raw, write } = bed
    return {
      ...bed,
      add: async (rows: number) => {
        for (let i = 0; i < rows; i++) {
          const entry = await prepareEntry(house, { actor: system('test'), act: 'console.read' })
          await write((tx) => appendAudit(tx, entry))
        }
      },
      sign: () => signAudit(house, { actor: system('audit'), act: 'audit.checkpointed' }),
      /** With the database alone in hand: its triggers, rows and checkpoints. */
      unguard: async () => {
        if (dialect === 'sqlite') {
          await raw(sql`drop trigger audit_no_delete`)
          await raw(sql`drop trigger audit_no_update`)
        } else await raw(sql`drop trigger audit_append_only on audit`)
      },
      cutAfter: (seq: number) =>
        write(async (tx) => {
          await tx.deleteFrom('audit').where('seq', '>', seq).execute()
          await tx.deleteFrom('audit_checkpoint').where('seq', '>', seq).execute()
        }),
    }
  }

  test('an end that is cut off with its checkpoint is missed, at once and once the log has grown again', async () => {
    const { house, add, sign, unguard, cutAfter, look } = await aLog()
    await add(4)
    await sign()
    await add(4)
    const mark = await sign()
    expect(await verifyAudit(house)).toMatchObject({ ok: true, rows: 10 })
    expect(await look('S6')).toMatchObject({ state: 'kept', rows: 10 })
    await unguard()
    await cutAfter(5)
    const found = { ok: false, why: 'cut_or_restored', marked: { seq: 10, at: mark.at } }
    expect(await verifyAudit(house)).toEqual({ ...found, seq: 6, rows: 5 })
    expect(await look('S6')).toMatchObject({
      state: 'broken',
      broken_at: 6,
      why: 'cut_or_restored',
      was_signed_to: 10,
    })
    await add(8)
    expect(await verifyAudit(house)).toEqual({ ...found, seq: 10, rows: 9 })
    // The next signature comes by the clock, over a longer chain: the keyring does not take it for its own.
    await sign()
    expect(await verifyAudit(house)).toEqual({ ...found, seq: 10, rows: 9 })
    expect(await look('S6')).toMatchObject({ state: 'broken', broken_at: 10 })
    expect(house.logged.join()).toContain('not the one that the keyring remembers')
  })

  test('what was cut off before it was signed is not seen, as the promise says', async () => {
    const { house, add, sign, unguard, cutAfter } = await aLog()
    await add(2)
    await sign()
    await add(2)
    await unguard()
    await cutAfter(3)
    expect(await verifyAudit(house)).toMatchObject({ ok: true, rows: 3 })
  })

  test('a keyring that remembers less, after a crash right after the commit, cries no wolf', async () => {
    const { house, add, sign, look } = await aLog()
    await add(2)
    const first = await sign()
    await add(2)
    const second = await sign()
    await house.keyring.noteAuditMark(first)
    expect(await house.keyring.auditMark()).toMatchObject({ seq: second.seq })
    await house.keyring.noteAuditMark(first, { instead: true })
    expect(await verifyAudit(house)).toMatchObject({ ok: true, rows: 6 })
    expect(await look('S6')).toMatchObject({ state: 'kept' })
    expect(await look('S6')).toMatchObject({ state: 'kept', rows: 3, since_checkpoint: 3 })
  })

  test('the log line carries what a copy elsewhere needs, unhidden', async () => {
    const { house, add, sign } = await aLog()
    await add(1)
    const { seq, hash, at } = await sign()
    const line = JSON.parse(house.logged.find((one) => one.includes('chain was signed')) ?? '{}')
    expect(line).toMatchObject({ seq, chain: hash, signed_at: at })
    const { publicKey } = await auditKeys(house.keyring)
    const stated = Buffer.from(canonicalJson({ seq: line.seq, hash: line.chain, at: line.signed_at }))
    expect(verify(null, stated, publicKey, Buffer.from(line.signed, 'hex'))).toBe(true)
  })

  test('a beginning that is let go before its time is missed; what goes by its time is not', async () => {
    const { house, add, write, look } = await aLog()
    await add(3)
    await checkpoint(house)
    house.clock.advance((house.config.keepAuditDays - 1) * DAY)
    await add(3)
    await checkpoint(house)
    house.clock.advance(2 * DAY)
    await checkpoint(house)
    expect(await verifyAudit(house)).toMatchObject({ ok: true, fromCheckpoint: 4 })
    expect(await look('S6')).toMatchObject({ state: 'kept' })
    // As the retention job would, with a checkpoint that is really ours, but too young.
    await write(async (tx) => {
      await tx.updateTable('audit_prune').set({ prune_before: 9 }).execute()
      await tx.deleteFrom('audit').where('seq', '<', 9).execute()
    })
    expect(await verifyAudit(house)).toMatchObject({ ok: false, seq: 5, why: 'start_missing' })
  })

  test('a restored backup is named as what it may be, and accepted with a row that says what was lost', async () => {
    const { house, add, sign, unguard, cutAfter, look, raw } = await aLog()
    await add(2)
    await sign()
    await add(2)
    const lost = await sign()
    await unguard()
    await cutAfter(3)
    await add(1)
    expect(await acceptRestored(house, command)).toMatchObject({ ok: true, rows: 5 })
    expect(await look('S6')).toMatchObject({ state: 'kept' })
    const row = await house.db.read
      .selectFrom('audit')
      .selectAll()
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ act: 'audit.restored', actor_kind: 'command' })
    expect(fromJson(row.detail)).toEqual({
      parted_at: 5,
      was_signed_to: 6,
      was_signed_at: lost.at,
      was_chain: lost.hash,
    })
    // Nothing to accept: nothing is written.
    expect(await acceptRestored(house, command)).toMatchObject({ ok: true, rows: 5 })
    await raw(sql`update audit set actor_id = 'nobody' where seq = 2`)
    expect(await acceptRestored(house, command)).toMatchObject({ ok: false, seq: 2, why: 'altered' })
  })
})
