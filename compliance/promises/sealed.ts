/** Whether what is stored sealed really is: samples open with their own key, and with no other. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { accessOf, system } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { readSealedHeader } from '#core/crypto/stream/format.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import { isAppError } from '#core/errors/errors.ts'
import type { KeyId } from '#core/ids/ids.ts'
import { dataMap } from '../data-map/map.ts'
import type { PromiseGround } from './promise.ts'

/** The newest of each column, and of all files. */
const SAMPLE = 8

/** The columns that hold sealed texts, by the data map. Secrets of providers have no key of their own (`openSecrets`). */
const sealedColumns = Object.entries(dataMap).flatMap(([table, { columns }]) =>
  Object.entries(columns as Record<string, { sealed?: boolean }>).flatMap(([column, { sealed }]) => {
    const keyColumn = ['key_id', 'note_key_id'].find((name) => name in columns)
    return sealed && keyColumn ? [{ table, column, keyColumn, order: 'seq' in columns ? 'seq' : 'id' }] : []
  }),
)

interface Cell {
  id: string
  key_id: KeyId
  sealed: string
}

/** A cell opens with its key, and does not with another one. Nobody reads what it says. */
export async function sealedTexts({ db, keyring }: PromiseGround) {
  let looked = 0
  let wrong = 0
  const wrongIn = new Set<string>()
  for (const { table, column, keyColumn, order } of sealedColumns) {
    const { rows } = await sql<Cell>`select id, ${sql.ref(keyColumn)} as key_id, ${sql.ref(column)} as sealed
      from ${sql.table(table)} where ${sql.ref(column)} <> '' and ${sql.ref(keyColumn)} is not null
      order by ${sql.ref(order)} desc limit ${sql.lit(SAMPLE)}`.execute(db.read as never)
    const keys = await openAll(
      keyring,
      rows.map(({ key_id }) => key_id),
    )
    for (const { id, key_id, sealed } of rows) {
      const key = keys.get(key_id)
      // Its key was destroyed a moment ago, which is how things go here.
      if (!key) continue
      looked += 1
      const opens = (other: ThingKey) => holds(() => unsealText(other, { table, column, row: id }, sealed))
      if ((await opens(key)) && !(await opens(strangeKey(key_id)))) continue
      wrong += 1
      wrongIn.add(`${table}.${column}`)
    }
  }
  return { looked, wrong, wrongIn: [...wrongIn] }
}

export async function sealedFiles({ db, keyring, objects, store }: PromiseGround) {
  const rows = await db.read
    .selectFrom('asset')
    .select(['key_id', 'object_key', 'size'])
    .orderBy('id', 'desc')
    .limit(SAMPLE)
    .execute()
  const keys = await openAll(
    keyring,
    rows.map(({ key_id }) => key_id),
  )
  let looked = 0
  let wrong = 0
  for (const { key_id, object_key, size } of rows) {
    const key = keys.get(key_id)
    if (!key) continue
    const opens = (bytes: Uint8Array) =>
      holds(async () => {
        const opened = await store.open(object_key, async () => bytes, { expectedSize: size })
        for await (const _ of opened.read({ start: 0, end: Math.min(size, 1024) - 1 })) break
      })
    const named = await holds(async () => {
      for await (const start of await objects.get(object_key)) {
        if (readSealedHeader(start).keyId !== key_id) throw new Error('another key')
        break
      }
    })
    // A sweep may have taken it between the two looks.
    if (!(await objects.head(object_key))) continue
    looked += 1
    if (!named || !(await opens(key.bytes)) || (await opens(strangeKey(key_id).bytes))) wrong += 1
  }
  return { looked, wrong }
}

function openAll(keyring: PromiseGround['keyring'], ids: KeyId[]): Promise<Map<KeyId, ThingKey>> {
  return keyring.open(ids, accessOf(system('promises'), 'promise.check'))
}

function strangeKey(id: KeyId): ThingKey {
  return { id, bytes: Uint8Array.from(randomBytes(32)) }
}

async function holds(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    // Only a broken seal or a missing file is an answer; a store that is away is none.
    if (isAppError(error) && error.status >= 500 && error.code !== 'seal_broken') throw error
    return false
  }
}
