import { type CompiledQuery, CompiledQuery as Query } from 'kysely'
import type { Ground, Tx } from './ground.ts'

/** What one commit may hold before the rest waits for the next: another process waits for the lock meanwhile. */
const LONGEST_MS = 10

const savepoint = Query.raw('savepoint member')
const release = Query.raw('release member')
const rollback = Query.raw('rollback to member')

interface Member<Schema> {
  work(tx: Tx<Schema>): Promise<() => void>
  failed(error: unknown): void
}

/**
 * Transactions asked for at the same time, written in one commit (SQLite). A commit has a price of its own: the pages that
 * all of them change are written once, and whoever reads starts anew after each. Every member stands behind a savepoint, so
 * one that throws leaves nothing and harms nobody; each learns how it ended only when the commit has.
 */
export function inOneCommit<Schema>(
  transaction: Ground<Schema>['transaction'],
): Ground<Schema>['transaction'] {
  let waiting: Member<Schema>[] = []
  let writing = false

  /** Answers what each of those that were written is to be told. */
  const write = async (group: Member<Schema>[], tx: Tx<Schema>): Promise<(() => void)[]> => {
    const until = performance.now() + LONGEST_MS
    const tell: (() => void)[] = []
    for (const member of group) {
      if (tell.length > 0 && performance.now() > until) break
      await run(tx, savepoint)
      try {
        tell.push(await member.work(tx))
      } catch (error) {
        await run(tx, rollback)
        tell.push(() => member.failed(error))
      }
      await run(tx, release)
    }
    return tell
  }

  const writeAll = async () => {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      try {
        const tell = await transaction((tx) => write(group, tx))
        waiting = [...group.slice(tell.length), ...waiting]
        for (const member of tell) member()
      } catch (error) {
        for (const { failed } of group) failed(error)
      }
      // Whoever was told may ask again, and the network gets its turn.
      await new Promise(setImmediate)
    }
    writing = false
  }

  return (work) =>
    new Promise((done, failed) => {
      waiting.push({
        failed,
        async work(tx) {
          const result = await work(tx)
          return () => done(result)
        },
      })
      if (writing) return
      writing = true
      setImmediate(() => void writeAll())
    })
}

function run<Schema>(tx: Tx<Schema>, query: CompiledQuery): Promise<unknown> {
  return tx.executeQuery(query)
}
