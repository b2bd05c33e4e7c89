/**
 * Pins: a write hidden behind the outer handle inside a transaction; two starting processes that migrate at once; half
 * a migration left behind; an audit row that could be changed; keys sorted by a language's rules.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aDatabase, anAddress, onBothGrounds } from '#test/grounds.ts'
import { type Json, toJson } from './columns.ts'
import { openGround } from './ground.ts'
import { migrate, migrationState } from './migrate.ts'
import { migrations } from './migrations/all.ts'

const run = promisify(execFile)

onBothGrounds('the ground', (ground) => {
  const setting = (name: string) => ({ name, value: toJson<unknown>(1), updated_at: 1 })

  test('a transaction that throws leaves nothing', async () => {
    const db = await aDatabase(ground)
    const broken = db.transaction(async (tx) => {
      await tx.insertInto('setting').values(setting('a')).execute()
      throw new Error('halfway')
    })
    await expect(broken).rejects.toThrow('halfway')
    expect(await db.read.selectFrom('setting').select('name').execute()).toEqual([])
  })

  test('the outer handle inside a transaction is refused, and so is a second transaction', async () => {
    const db = await aDatabase(ground)
    await expect(
      db.transaction(async () => db.read.selectFrom('setting').selectAll().execute()),
    ).rejects.toThrow('use the Tx')
    await expect(db.transaction(async () => db.transaction(async () => 1))).rejects.toThrow(
      'inside a transaction',
    )
  })

  test('writers side by side lose nothing', async () => {
    const db = await aDatabase(ground)
    await db.transaction((tx) =>
      tx
        .insertInto('setting')
        .values({ ...setting('n'), value: toJson<unknown>(0) })
        .execute(),
    )
    const bump = () =>
      db.transaction(async (tx) => {
        await tx
          .updateTable('setting')
          .set({ value: sql<Json<unknown>>`cast(cast(value as integer) + 1 as text)` })
          .where('name', '=', 'n')
          .execute()
      })
    await Promise.all(Array.from({ length: 50 }, bump))
    const row = await db.read
      .selectFrom('setting')
      .select('value')
      .where('name', '=', 'n')
      .executeTakeFirstOrThrow()
    expect(row.value).toBe('50')
  })

  test('four processes that migrate at once make the schema once', async () => {
    const address = await anAddress(ground, { migrated: false })
    const program = fileURLToPath(new URL('../../test/programs/migrate.ts', import.meta.url))
    const runs = Array.from({ length: 4 }, () => run(process.execPath, [program, JSON.stringify(address)]))
    const applied = (await Promise.all(runs)).flatMap(({ stdout }) => JSON.parse(stdout))
    expect(applied).toEqual(Object.keys(migrations))
    const db = openGround(address)
    expect(await migrationState(db, migrations)).toEqual({ missing: [], unknown: [] })
    await db.close()
  })

  test('a migration that fails halfway leaves nothing and says why', async () => {
    const db = openGround(await anAddress(ground, { migrated: false }))
    const broken = {
      '0001-broken': async (k: Parameters<(typeof migrations)['0001-start']>[0]) => {
        await k.schema.createTable('half').addColumn('id', 'text').execute()
        throw new Error('no further')
      },
    }
    await expect(migrate(db, broken as typeof migrations)).rejects.toThrow('no further')
    await expect(sql`select * from half`.execute(db.maintenance)).rejects.toThrow()
    await db.close()
  })

  test('an audit row cannot be changed, and only a released segment can go', async () => {
    const db = await aDatabase(ground)
    const row = {
      at: 1,
      id: 'aud_1' as never,
      actor_kind: 'system' as const,
      actor_id: 'system',
      act: 'x',
      target_kind: null,
      target_id: null,
      note_sealed: null,
      note_key_id: null,
      detail: toJson({}),
      previous_hash: '',
      hash: 'h',
    }
    await db.transaction((tx) =>
      tx
        .insertInto('audit')
        .values([
          { ...row, seq: 1 },
          { ...row, seq: 2 },
        ])
        .execute(),
    )
    await expect(
      db.transaction((tx) => tx.updateTable('audit').set({ act: 'y' }).where('seq', '=', 1).execute()),
    ).rejects.toThrow('append-only')
    await expect(
      db.transaction((tx) => tx.deleteFrom('audit').where('seq', '=', 1).execute()),
    ).rejects.toThrow('append-only')
    await db.transaction(async (tx) => {
      await tx.insertInto('audit_prune').values({ id: 1, prune_before: 2 }).execute()
      await tx.deleteFrom('audit').where('seq', '=', 1).execute()
    })
    await expect(
      db.transaction((tx) => tx.deleteFrom('audit').where('seq', '=', 2).execute()),
    ).rejects.toThrow('append-only')
  })

  test('ids sort by their bytes', async () => {
    const db = await aDatabase(ground)
    await db.transaction((tx) =>
      tx.insertInto('setting').values(['b', 'B', 'a_', 'a'].map(setting)).execute(),
    )
    const rows = await db.read.selectFrom('setting').select('name').orderBy('name').execute()
    expect(rows.map((r) => r.name)).toEqual(['B', 'a', 'a_', 'b'])
  })
})
