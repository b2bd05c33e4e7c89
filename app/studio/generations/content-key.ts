import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Keyring } from '#core/crypto/keyring/keyring.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import type { SubjectId } from '#core/ids/ids.ts'

/**
 * Keys for new generations, made together. A key is on the disk before the row that needs it, and each such commit waits for
 * the disk with the whole process (on SQLite some 200 a second, whatever else there is to do): requests that come at the
 * same time share one.
 */
export function contentKey(keyring: Keyring, subject: SubjectId): Promise<ThingKey> {
  const lane = lanes.get(keyring) ?? { waiting: [], busy: false }
  lanes.set(keyring, lane)
  return new Promise((resolve, reject) => {
    lane.waiting.push({ subject, resolve, reject })
    if (!lane.busy) void makeAll(keyring, lane)
  })
}

interface Lane {
  waiting: { subject: SubjectId; resolve(key: ThingKey): void; reject(error: unknown): void }[]
  busy: boolean
}

const lanes = new WeakMap<Keyring, Lane>()
const MOST_AT_ONCE = 100

async function makeAll(keyring: Keyring, lane: Lane): Promise<void> {
  lane.busy = true
  while (lane.waiting.length > 0) {
    // Who arrives in this turn of the event loop comes along.
    await nextTurn()
    const some = lane.waiting.splice(0, MOST_AT_ONCE)
    try {
      const keys = await keyring.createMany(some.map(({ subject }) => ({ class: 'content', subject })))
      for (const [i, { resolve }] of some.entries()) resolve(keys[i] as ThingKey)
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }
  lane.busy = false
}
