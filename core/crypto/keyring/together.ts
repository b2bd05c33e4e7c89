import type { ThingKey } from '../thing-key.ts'
import type { NewKey } from './thing-keys.ts'

type CreateMany = (wanted: readonly NewKey[]) => Promise<ThingKey[]>

/**
 * Keys asked for in the same turn of the event loop are written in one commit. Each commit of the keyring waits for the
 * disk, so under load this is what limits how many requests can be taken.
 */
export function inOneCommit(create: CreateMany): CreateMany {
  interface Asked {
    wanted: readonly NewKey[]
    done(keys: ThingKey[]): void
    failed(error: unknown): void
  }
  let waiting: Asked[] = []
  const write = async () => {
    const group = waiting
    waiting = []
    try {
      const made = await create(group.flatMap(({ wanted }) => wanted))
      let start = 0
      for (const { wanted, done } of group) {
        done(made.slice(start, start + wanted.length))
        start += wanted.length
      }
    } catch (error) {
      for (const { failed } of group) failed(error)
    }
  }
  return (wanted) =>
    new Promise((done, failed) => {
      waiting.push({ wanted, done, failed })
      if (waiting.length === 1) setImmediate(() => void write())
    })
}
