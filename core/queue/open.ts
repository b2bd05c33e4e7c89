import type { GroundAddress } from '#core/db/ground.ts'
import type { Db } from '#core/db/schema/schema.ts'
import type { PayloadMap, QueueName } from './payloads.ts'
import type { Queue, QueueOptions } from './queue.ts'
import { SqliteQueue } from './sqlite-queue.ts'

/**
 * The queue of the database at hand. Opens nothing yet: connections are made at the first call, and all are gone after
 * `close()`. Close it before the database.
 */
export async function openQueue<P extends PayloadMap<P>>(
  db: Db,
  address: GroundAddress,
  options: QueueOptions & { queues: readonly QueueName<P>[] },
): Promise<Queue<P>> {
  if (address.kind === 'sqlite') return new SqliteQueue(db, options) as unknown as Queue<P>
  // Only where it is needed: the engine and its parts take memory that a small machine on SQLite can use otherwise.
  const { PgbossQueue } = await import('./pgboss-queue.ts')
  return new PgbossQueue(db, address.url, options) as unknown as Queue<P>
}
