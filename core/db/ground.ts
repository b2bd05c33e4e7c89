import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Dialect,
  Kysely,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  PostgresDialect,
  type RootOperationNode,
  type Transaction,
} from 'kysely'
import { postgresPool } from './postgres.ts'
import { openSqlite, sqliteDialect } from './sqlite.ts'
import { inOneCommit } from './together.ts'

/**
 * A database the house stands on: SQLite or PostgreSQL, with the same schema. Reads go through `read`; whoever writes
 * takes a `Tx`, which only `transaction` makes. So a function's type says whether it writes, and what it writes
 * together with.
 */
export interface Ground<Schema> {
  readonly dialect: 'sqlite' | 'postgres'
  /** Reading, outside of any transaction. Throws inside one: there the `Tx` must be used. */
  readonly read: Reader<Schema>
  /** Runs `work` in one transaction. Inside: no network, no files, no hashing; on SQLite there is one writer. */
  transaction<T>(work: (tx: Tx<Schema>) => Promise<T>): Promise<T>
  /**
   * As `transaction`, for short work that many ask for at once: on SQLite those asked for in the same turn share a commit.
   * What throws leaves nothing, and takes nothing of the others' with it.
   */
  together<T>(work: (tx: Tx<Schema>) => Promise<T>): Promise<T>
  /** The raw handle, for migrations and maintenance (checkpoint, listen) only. */
  readonly maintenance: Kysely<Schema>
  /** Where the data lies: a file's path, or the server's address without its password. */
  readonly location: string
  close(): Promise<void>
}

declare const txBrand: unique symbol
export type Tx<Schema> = Transaction<Schema> & { readonly [txBrand]: true }
export type Reader<Schema> = Pick<Kysely<Schema>, 'selectFrom' | 'with' | 'fn' | 'dynamic'>
/** What a query that only reads may be given: the reader, or the transaction it should see. */
export type ReaderOrTx<Schema> = Reader<Schema> | Tx<Schema>

export type GroundAddress =
  | { kind: 'sqlite'; path: string; durable?: boolean }
  | { kind: 'postgres'; url: string }

export interface GroundOptions {
  /** Told when a transaction took longer than `slowAfterMs`: a long one stops every other writer. */
  onSlowTransaction?: (ms: number) => void
  slowAfterMs?: number
}

export function openGround<Schema>(address: GroundAddress, options: GroundOptions = {}): Ground<Schema> {
  const inside = new AsyncLocalStorage<true>()
  const guard = refuseInsideTransaction(inside)
  let writer: Kysely<Schema>
  let reader: Kysely<Schema>
  if (address.kind === 'sqlite') {
    const main = openSqlite(address.path, { durable: address.durable })
    writer = new Kysely<Schema>({ dialect: sqliteDialect(main) })
    // Its own connection: a read on the writer's would wait for another request's open transaction.
    reader = new Kysely<Schema>({
      dialect: sqliteDialect(openSqlite(address.path, { readonly: true })),
      plugins: [guard],
    })
  } else {
    const dialect: Dialect = new PostgresDialect({ pool: postgresPool(address.url) })
    writer = new Kysely<Schema>({ dialect })
    reader = writer.withPlugin(guard)
  }
  const slowAfter = options.slowAfterMs ?? 250
  const transaction: Ground<Schema>['transaction'] = async (work) => {
    refuseNested(inside)
    const started = performance.now()
    try {
      return await writer.transaction().execute((tx) => inside.run(true, () => work(tx as Tx<Schema>)))
    } finally {
      const ms = performance.now() - started
      if (ms > slowAfter) options.onSlowTransaction?.(ms)
    }
  }
  const shared = address.kind === 'sqlite' ? inOneCommit(transaction) : transaction
  return {
    dialect: address.kind,
    read: reader,
    maintenance: writer,
    location: address.kind === 'sqlite' ? address.path : withoutPassword(address.url),
    transaction,
    async together(work) {
      refuseNested(inside)
      return shared(work)
    },
    async close() {
      await reader.destroy()
      if (address.kind === 'sqlite') await writer.destroy()
    },
  }
}

function refuseNested(inside: AsyncLocalStorage<true>): void {
  if (inside.getStore()) throw new Error('A transaction inside a transaction: pass the Tx down instead')
}

/**
 * The outer handle inside a transaction waits for itself on SQLite and escapes the transaction on PostgreSQL. Neither
 * shows in a quick test, so it throws at once.
 */
function refuseInsideTransaction(inside: AsyncLocalStorage<true>): KyselyPlugin {
  const check = () => {
    if (inside.getStore()) throw new Error('The outer database handle inside a transaction: use the Tx')
  }
  return {
    transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
      check()
      return node
    },
    // A query that was compiled before meets this alone.
    async transformResult({ result }) {
      check()
      return result
    },
  }
}

function withoutPassword(url: string): string {
  const parsed = new URL(url)
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`
}
