/** Pins: values of one call in the answer to another; a value that is a name of the query's own; a handle that meets another's query. */
import { expect, test } from 'vitest'
import { aDatabase, onBothGrounds } from '#test/grounds.ts'
import { toJson } from './columns.ts'
import { keptQuery } from './kept-query.ts'

const settings = keptQuery((read, given: { from: string; to: string }) =>
  read
    .selectFrom('setting')
    .select(['name', 'value'])
    .where('name', '>=', given.from)
    .where('name', '<', given.to)
    .where('name', '<>', 'from')
    .orderBy('name'),
)

onBothGrounds('a kept query', (ground) => {
  test('is filled in anew by each call, in the order of its text, for each database', async () => {
    const [one, other] = [await aDatabase(ground), await aDatabase(ground)]
    const write = (db: typeof one, name: string) =>
      db.transaction((tx) =>
        tx
          .insertInto('setting')
          .values({ name, value: toJson(name), updated_at: 1 })
          .execute(),
      )
    for (const name of ['ant', 'bee', 'cat', 'from']) await write(one, name)
    await write(other, 'bear')
    const names = async (db: typeof one, from: string, to: string) =>
      (await settings(db.read, { from, to })).map((row) => row.name)
    const all = await Promise.all([
      names(one, 'a', 'c'),
      names(one, 'b', 'z'),
      names(other, 'b', 'z'),
      names(one, 'z', 'a'),
    ])
    expect(all).toEqual([['ant', 'bee'], ['bee', 'cat'], ['bear'], []])
  })

  test('is refused inside a transaction like any other reading beside it', async () => {
    const db = await aDatabase(ground)
    await settings(db.read, { from: 'a', to: 'b' })
    const inside = db.transaction(async () => settings(db.read, { from: 'a', to: 'b' }))
    await expect(inside).rejects.toThrow('inside a transaction')
  })
})
