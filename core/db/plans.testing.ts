/** Notes the statements that a part of the house sends, and asks a database how it would answer them. */
import { CompiledQuery, createQueryId, type KyselyPlugin, type RootOperationNode, sql } from 'kysely'
import type { Db, Read, Tx } from './schema/schema.ts'

export interface Statement {
  sql: string
  parameters: readonly unknown[]
}

/** The same database, with every statement but inserts noted on its way: `taken` answers each once, by its text. */
export function recorded(db: Db): { db: Db; taken(): Statement[] } {
  let nodes: RootOperationNode[] = []
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      nodes.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const transaction: Db['transaction'] = (work) => db.transaction((tx) => work(tx.withPlugin(plugin) as Tx))
  return {
    db: {
      ...db,
      read: (db.read as Db['maintenance']).withPlugin(plugin) as Read,
      transaction,
      together: transaction,
    },
    taken() {
      const statements = nodes
        .filter(({ kind }) => kind !== 'InsertQueryNode')
        .map((node) => db.maintenance.getExecutor().compileQuery(node, createQueryId()))
      nodes = []
      const once = [...new Map(statements.map(({ sql, parameters }) => [sql, { sql, parameters }])).values()]
      // Parts of a larger statement pass by on their own too, with their parameters numbered from one.
      const words = ({ sql }: Statement) => sql.replace(/\$\d+/g, '?')
      return once.filter((one) => !once.some((other) => other !== one && words(other).includes(words(one))))
    },
  }
}

/**
 * How an empty database with the newest schema would answer: a line for each table, with the index and the part of it
 * that is read. `without` names an index that is not there while it is asked; afterwards it is there again.
 */
export async function plansOf(
  db: Db,
  statements: readonly Statement[],
  { without }: { without?: string } = {},
): Promise<string[][]> {
  const plans: string[][] = []
  const undo = new Error('undone')
  const asked = db.transaction(async (tx) => {
    if (db.dialect === 'postgres') await asIfTablesWereBig(tx)
    if (without) await sql`drop index ${sql.id(without)}`.execute(tx)
    for (const statement of statements)
      plans.push(await (db.dialect === 'sqlite' ? sqlitePlan : postgresPlan)(tx, statement))
    throw undo
  })
  await asked.catch((error: unknown) => {
    if (error !== undo) throw error
  })
  return plans
}

async function sqlitePlan(tx: Tx, { sql: text, parameters }: Statement): Promise<string[]> {
  const asked = CompiledQuery.raw(`explain query plan ${text}`, [...parameters])
  const { rows } = await tx.executeQuery<{ detail: string }>(asked)
  return rows.map(({ detail }) => detail).filter((detail) => /^(SEARCH|SCAN|USE TEMP)/.test(detail))
}

/**
 * The planner weighs pages, and of an empty table it knows none: it would read the whole, sort it, and hash what it joins.
 * With these ways shut it shows whether there is an index to go by instead, which is what it takes once there is data.
 */
async function asIfTablesWereBig(tx: Tx): Promise<void> {
  for (const way of ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'sort', 'hashagg'])
    await sql`set local ${sql.raw(`enable_${way}`)} = off`.execute(tx)
}

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Sort Key'?: string[]
  Plans?: Node[]
}

async function postgresPlan(tx: Tx, { sql: text, parameters }: Statement): Promise<string[]> {
  const asked = CompiledQuery.raw(`explain (format json, costs off) ${text}`, [...parameters])
  const { rows } = await tx.executeQuery<{ 'QUERY PLAN': { Plan: Node }[] }>(asked)
  const lines: string[] = []
  const walk = (node: Node) => {
    const table = node['Relation Name']
    if (node['Index Name'])
      lines.push(
        `SEARCH ${table} USING ${node['Index Name']} ${withoutValues(node['Index Cond']) ?? '(the whole)'}`,
      )
    else if (/Scan$/.test(node['Node Type']) && table) lines.push(`SCAN ${table}`)
    else if (node['Sort Key']) lines.push(`SORT by ${node['Sort Key'].join(', ')}`)
    node.Plans?.forEach(walk)
  }
  rows[0]?.['QUERY PLAN'].forEach(({ Plan }) => {
    walk(Plan)
  })
  return lines
}

/** Ids and times are new in every run. */
function withoutValues(condition: string | undefined): string | undefined {
  return condition?.replace(/'[^']*'(::[a-z]+(\[\])?)?|\b\d{6,}\b/g, '?')
}
