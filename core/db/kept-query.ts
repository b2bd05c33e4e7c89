import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { Read, Schema } from './schema/schema.ts'

/**
 * A query that is written and compiled once for each database handle, and then only filled in. Building its text anew takes
 * longer than SQLite takes to answer it, which is felt where a player asks hundreds of times.
 *
 * `build` sees a stand-in for each value, so it may only put them into the query and decide nothing by them.
 */
export function keptQuery<Given extends object, Row>(
  build: (read: Read, given: Readonly<Given>) => Compilable<Row>,
): (read: Read, given: Given) => Promise<Row[]> {
  const kept = new WeakMap<Read, CompiledQuery<Row>>()
  const standIns = new Proxy({} as Given, { get: (_, name) => new StandIn(name) })
  return async (read, given) => {
    let query = kept.get(read)
    if (!query) {
      query = build(read, standIns).compile()
      kept.set(read, query)
    }
    const parameters = query.parameters.map((value) =>
      value instanceof StandIn ? given[value.name as keyof Given] : value,
    )
    const { rows } = await (read as Kysely<Schema>).executeQuery<Row>({ ...query, parameters })
    return rows
  }
}

class StandIn {
  readonly name: string | symbol
  constructor(name: string | symbol) {
    this.name = name
  }
}
