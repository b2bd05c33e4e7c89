/**
 * Pins: somebody told that it was written before it was; one that fails and takes the others with it, or leaves half of itself;
 * a lock that is held as long as there is more to write; a commit for each although they came at once.
 */
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { aDatabase, anAddress, onBothGrounds } from '#test/grounds.ts'
import { toJson } from './columns.ts'
import { openGround } from './ground.ts'
import type { Db, Schema, Tx } from './schema/schema.ts'

const write = (tx: Tx, name: string) =>
  tx
    .insertInto('setting')
    .values({ name, value: toJson<unknown>(1), updated_at: 1 })
    .execute()

const written = async (db: Db) => {
  const rows = await db.read.selectFrom('setting').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

onBothGrounds('transactions asked for together', (ground) => {
  test('each gets its own result; one that throws leaves nothing of its own and all of the others’', async () => {
    const db = await aDatabase(ground)
    const results = await Promise.allSettled([
      db.together(async (tx) => {
        await write(tx, 'a')
        return 'one'
      }),
      db.together(async (tx) => {
        await write(tx, 'half')
        throw new Error('halfway')
      }),
      // A statement that the database itself refuses.
      db.together((tx) => sql`insert into setting (name) values ('b')`.execute(tx)),
      db.together(async (tx) => {
        await write(tx, 'c')
        return 'four'
      }),
    ])
    expect(results.map((r) => (r.status === 'fulfilled' ? r.value : 'failed'))).toEqual([
      'one',
      'failed',
      'failed',
      'four',
    ])
    expect(await written(db)).toEqual(['a', 'c'])
  })

  test('whoever is told can be read at once', async () => {
    const db = await aDatabase(ground)
    const one = async (name: string) => {
      await db.together((tx) => write(tx, name))
      return (await written(db)).includes(name)
    }
    expect(await Promise.all(['a', 'b', 'c'].map(one))).toEqual([true, true, true])
  })

  test('inside a transaction it is refused, and nobody else suffers', async () => {
    const db = await aDatabase(ground)
    const nested = db.transaction(async () => db.together((tx) => write(tx, 'nested')))
    const [inner, outer] = await Promise.allSettled([nested, db.together((tx) => write(tx, 'a'))])
    expect([inner.status, outer.status]).toEqual(['rejected', 'fulfilled'])
    expect(await written(db)).toEqual(['a'])
  })
})

async function counting() {
  let commits = 0
  const onSlowTransaction = () => {
    commits += 1
  }
  const db = openGround<Schema>(await anAddress('sqlite', { migrated: true }), {
    onSlowTransaction,
    slowAfterMs: -1,
  })
  onTestFinished(() => db.close())
  return { db, commits: () => commits }
}

test('those who come at once share a commit', async () => {
  const { db, commits } = await counting()
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => db.together((tx) => write(tx, name))))
  expect([commits(), await written(db)]).toEqual([1, ['a', 'b', 'c', 'd']])
  await db.together((tx) => write(tx, 'e'))
  expect(commits()).toBe(2)
})

test('others get the lock between, when it takes long', async () => {
  const { db, commits } = await counting()
  const slowly = (name: string) =>
    db.together(async (tx) => {
      await write(tx, name)
      const until = performance.now() + 15
      while (performance.now() < until);
    })
  await Promise.all(['a', 'b', 'c'].map(slowly))
  expect([commits(), await written(db)]).toEqual([3, ['a', 'b', 'c']])
})

test('a commit that fails is told to all of them', async () => {
  const { db } = await counting()
  const orphan = db.together(async (tx) => {
    // The reference is looked at by the commit only, which it makes fail.
    await sql`pragma defer_foreign_keys = on`.execute(tx)
    await sql`insert into generation_event (generation_id, seq, subject_id, state, phase, at)
      values ('gen_none', 1, 'sub_none', 'queued', 'queued', 1)`.execute(tx)
  })
  const results = await Promise.allSettled([db.together((tx) => write(tx, 'a')), orphan])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await written(db)).toEqual([])
  await db.together((tx) => write(tx, 'b'))
  expect(await written(db)).toEqual(['b'])
})
