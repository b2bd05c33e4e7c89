import pg from 'pg'

const INT8 = 20
const NUMERIC = 1700

/** A pool whose 64-bit integers come back as numbers, as on SQLite, and which refuses to lose a digit. */
export function postgresPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 || oid === NUMERIC ? safeInteger : pg.types.getTypeParser(oid as never, format as never),
    } as never,
  })
  // A connection that breaks while nobody uses it is replaced at the next query, which reports what is really wrong.
  // Without a listener the event would end the process.
  pool.on('error', () => {})
  return pool
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new Error(`The database answered ${text}, which is no exact integer`)
  return value
}
