import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe, inject, onTestFinished } from 'vitest'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import type { Db, Schema } from '#core/db/schema/schema.ts'

export type GroundName = 'sqlite' | 'postgres'

/** Runs the same tests on both databases. */
export function onBothGrounds(name: string, tests: (ground: GroundName) => void): void {
  for (const ground of ['sqlite', 'postgres'] as const) describe(`${name} on ${ground}`, () => tests(ground))
}

/** A migrated database of this test's own, gone when the test ends. */
export async function aDatabase(ground: GroundName): Promise<Db> {
  const db = openGround<Schema>(await anAddress(ground, { migrated: true }))
  onTestFinished(() => db.close())
  return db
}

/** The address of a fresh database: with the newest schema, or empty. */
export async function anAddress(ground: GroundName, options: { migrated: boolean }): Promise<GroundAddress> {
  if (ground === 'sqlite') {
    const folder = await aFolder()
    const path = join(folder, 'house.sqlite')
    if (options.migrated) await copyFile(inject('sqlite'), path)
    return { kind: 'sqlite', path }
  }
  const server = inject('postgres')
  const name = `t_${process.pid}_${Math.random().toString(36).slice(2)}`
  await administer(server, `create database ${name}${options.migrated ? ' template template_house' : ''}`)
  onTestFinished(() => administer(server, `drop database if exists ${name} with (force)`))
  return { kind: 'postgres', url: `${server}/${name}` }
}

/** A private folder, removed when the test ends. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairframe-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
