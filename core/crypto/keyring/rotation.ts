/** Re-wrapping everything under another installation key, and looking which installation keys are still needed. */
import type { Clock } from '#core/clock/clock.ts'
import type { ReaderOrTx } from '#core/db/ground.ts'
import { newId } from '#core/ids/ids.ts'
import type { InstallationKey } from '../installation-key.ts'
import type { KeyringGround, KeyringSchema, KeyringTx, SecretTable, ThingKeyTable } from './schema.ts'
import { nextVersion } from './schema.ts'
import { lastingTransaction } from './wrapped-write.ts'
import {
  type InstallationRing,
  installationKeyChanged,
  installationKeyMissing,
  ownerOfKey,
  ownerOfSecret,
} from './wrapping.ts'

export interface Rotated {
  rewrapped: number
  /** Keys and secrets that could not be opened, by id or name. While there are any, the former key is still needed. */
  broken: string[]
}

/**
 * From here on nothing is wrapped but by `next`, in no process. Refuses while anything needs a key that is not at hand:
 * a change that was begun elsewhere has to end first, or no process could be given all the keys.
 */
export async function turnTo(
  ground: KeyringGround,
  ring: InstallationRing,
  next: InstallationKey,
): Promise<void> {
  ring.add(next)
  await lastingTransaction(ground, async (tx) => {
    const wraps = await nextVersion(tx)
    if (!ring.has(wraps)) throw installationKeyChanged(wraps)
    const unknown = (await wrappers(tx)).find((id) => !ring.has(id))
    if (unknown) throw installationKeyMissing(unknown)
    await tx.updateTable('state').set({ wraps: next.id }).execute()
  })
  await ring.turnTo(next.id)
}

/** Resumes where an earlier run was killed: each row says what wraps it. `onBatch` is told how many are done, and waited for. */
export async function rewrapAll(
  ground: KeyringGround,
  ring: InstallationRing,
  onBatch: (done: number) => unknown,
  batch = 200,
): Promise<Rotated> {
  const broken = new Set<string>()
  const to = ring.currentId
  let done = 0
  // Again until nothing moves, so that the last look finds nothing that could be moved.
  for (let moved = -1; moved !== 0; ) {
    moved = 0
    for (const from of (await wrappers(ground.read)).filter((id) => id !== to)) {
      for (let last = ''; ; ) {
        const rows = await keysWrappedBy(ground, from, last, batch)
        const end = rows.at(-1)
        if (!end) break
        moved += await rewrapKeys(ground, ring, rows, broken)
        last = end.id
        await onBatch(done + moved)
      }
      moved += await rewrapSecrets(ground, ring, from, broken)
    }
    done += moved
  }
  return { rewrapped: done, broken: [...broken] }
}

/** The ids of all installation keys that wrap something; a few index look-ups, however many keys there are. */
export async function wrappers(from: ReaderOrTx<KeyringSchema>): Promise<string[]> {
  const secrets = await from.selectFrom('secret').select('wrapped_by').distinct().execute()
  const found = new Set(secrets.map((row) => row.wrapped_by))
  for (let last = ''; ; ) {
    const next = await from
      .selectFrom('thing_key')
      .select('wrapped_by')
      .where('wrapped_by', '>', last)
      .orderBy('wrapped_by')
      .limit(1)
      .executeTakeFirst()
    if (!next) return [...found]
    last = next.wrapped_by
    found.add(last)
  }
}

export interface Verified {
  sampled: number
  opened: number
  /** Ids of keys and names of secrets that do not open. */
  broken: string[]
}

/**
 * Opens all secrets and keys up to the sample's size; of more keys, the newest half of the sample and others spread by their
 * times of creation. Touches no content, so it is not tallied.
 */
export async function verifySample(
  ground: KeyringGround,
  ring: InstallationRing,
  sampleSize: number,
  clock: Clock,
): Promise<Verified> {
  const broken: string[] = []
  const secrets = await ground.read.selectFrom('secret').selectAll().execute()
  const keys = await sampleOfKeys(ground, sampleSize, clock)
  await ring.find([...secrets, ...keys].map((row) => row.wrapped_by))
  for (const row of secrets) if (!opens(ring, ownerOfSecret(row), row)) broken.push(row.name)
  for (const row of keys) if (!opens(ring, ownerOfKey(row), row)) broken.push(row.id)
  const sampled = secrets.length + keys.length
  return { sampled, opened: sampled - broken.length, broken }
}

async function sampleOfKeys(ground: KeyringGround, size: number, clock: Clock): Promise<ThingKeyTable[]> {
  const keys = ground.read.selectFrom('thing_key').selectAll()
  const first = await keys.orderBy('id').limit(size).execute()
  const start = first[0]?.created_at
  if (start === undefined || first.length < size) return first
  const newest = await keys
    .orderBy('id', 'desc')
    .limit(Math.ceil(size / 2))
    .execute()
  const found = new Map(newest.map((row) => [row.id, row]))
  for (let left = size - newest.length; left > 0; left--) {
    // Ids begin with their time, so a made-up id of a random moment finds its neighbour by the index.
    const pivot = newId('key', start + Math.floor(Math.random() * Math.max(clock.now() - start, 1)))
    const row = await keys.where('id', '>=', pivot).orderBy('id').limit(1).executeTakeFirst()
    if (row) found.set(row.id, row)
  }
  return [...found.values()]
}

function opens(
  ring: InstallationRing,
  owner: string,
  row: Pick<SecretTable, 'wrapped' | 'wrapped_by'>,
): boolean {
  try {
    ring.unwrap(owner, row).fill(0)
    return true
  } catch {
    return false
  }
}

function keysWrappedBy(ground: KeyringGround, from: string, last: string, limit: number) {
  return ground.read
    .selectFrom('thing_key')
    .select(['id', 'class', 'subject', 'wrapped', 'wrapped_by'])
    .where('wrapped_by', '=', from)
    .where('id', '>', last as ThingKeyTable['id'])
    .orderBy('id')
    .limit(limit)
    .execute()
}

type Wrapped = Pick<ThingKeyTable, 'id' | 'class' | 'subject' | 'wrapped' | 'wrapped_by'>

async function rewrapKeys(
  ground: KeyringGround,
  ring: InstallationRing,
  rows: Wrapped[],
  broken: Set<string>,
) {
  // The arithmetic before the transaction, which must be short.
  const fresh = rows.flatMap((row) => {
    const again = rewrapped(ring, ownerOfKey(row), row)
    if (!again) broken.add(row.id)
    return again ? [{ row, again }] : []
  })
  return lastingTransaction(ground, async (tx) => {
    await keepOn(tx, ring)
    let moved = 0
    for (const { row, again } of fresh) {
      const change = tx.updateTable('thing_key').set(again).where('id', '=', row.id)
      const { numUpdatedRows } = await change
        .where('wrapped_by', '=', row.wrapped_by)
        .executeTakeFirstOrThrow()
      moved += Number(numUpdatedRows)
    }
    return moved
  })
}

async function rewrapSecrets(
  ground: KeyringGround,
  ring: InstallationRing,
  from: string,
  broken: Set<string>,
) {
  const rows = await ground.read.selectFrom('secret').selectAll().where('wrapped_by', '=', from).execute()
  let moved = 0
  for (const row of rows) {
    const again = rewrapped(ring, ownerOfSecret(row), row)
    if (!again) broken.add(row.name)
    else
      moved += await lastingTransaction(ground, async (tx) => {
        await keepOn(tx, ring)
        const change = tx.updateTable('secret').set(again).where('name', '=', row.name)
        const { numUpdatedRows } = await change.where('wrapped_by', '=', from).executeTakeFirstOrThrow()
        return Number(numUpdatedRows)
      })
  }
  return moved
}

/** Throws when the keyring was turned to yet another key in the meantime: two who wrap against each other never end. */
async function keepOn(tx: KeyringTx, ring: InstallationRing): Promise<void> {
  const wraps = await nextVersion(tx)
  if (wraps !== ring.currentId) throw installationKeyChanged(wraps)
}

function rewrapped(ring: InstallationRing, owner: string, row: Pick<SecretTable, 'wrapped' | 'wrapped_by'>) {
  try {
    const plain = ring.unwrap(owner, row)
    const again = ring.wrap(owner, plain)
    plain.fill(0)
    return again
  } catch {
    return undefined
  }
}
