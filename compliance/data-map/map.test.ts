/**
 * Pins: a table or column that nobody classified; an entry for what is no longer there; a JSON key that slipped in; a
 * person's row that erasure would not reach.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { aDatabase, onBothGrounds } from '#test/grounds.ts'
import { dataMap } from './map.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

onBothGrounds('the data map', (ground) => {
  test('names every live table and column, and nothing else', async () => {
    const db = await aDatabase(ground)
    const tables = (await db.maintenance.introspection.getTables()).filter(
      (t) => !t.name.startsWith('kysely_'),
    )
    const live = Object.fromEntries(tables.map((t) => [t.name, t.columns.map((c) => c.name).sort()]))
    const mapped = Object.fromEntries(
      Object.entries(dataMap).map(([name, rule]) => [name, Object.keys(rule.columns).sort()]),
    )
    expect(mapped).toEqual(live)
  })
})

test('every row that names a subject says in which role, so that erasing reaches it', () => {
  for (const [table, rule] of Object.entries(dataMap)) {
    if (!('subject_id' in rule.columns) && table !== 'subject') continue
    expect(rule.people, table).not.toHaveProperty('nobody')
    expect(rule.people, table).toHaveProperty('owner')
  }
})

test('what is kept by law cites its law and an end', () => {
  for (const rule of Object.values(dataMap)) {
    for (const role of Object.values(rule.people) as {
      erasure?: { act: string; law?: string; until?: string }
    }[]) {
      if (role.erasure?.act !== 'keep') continue
      expect(role.erasure.law).toMatch(/Art\.|§/)
      expect(role.erasure.until).toBeTruthy()
    }
  }
})

/** A file beside the map, with the mistake a person would make; its errors. */
const samples = {
  'a table without an entry': `
    type Grown = Schema & { diary: { id: string; text: string } }
    export const map = dataMap satisfies { readonly [T in keyof Grown]: unknown }`,
  'a column without an entry': `
    const { hash, ...columns } = dataMap.password.columns
    export const rule = { ...dataMap.password, columns } satisfies TableRule<'password'>`,
  'an entry for a column that is gone': `
    export const rule = {
      ...dataMap.password,
      columns: { subject_id: technical, hash: technical, changed_at: technical, hint: technical },
    } satisfies TableRule<'password'>`,
  'a JSON key without an entry': `
    const { seed, ...keys } = dataMap.generation.columns.settings.keys
    const columns = { ...dataMap.generation.columns, settings: { ...dataMap.generation.columns.settings, keys } }
    export const rule = { ...dataMap.generation, columns } satisfies TableRule<'generation'>`,
  'an owner column that does not exist': `
    export const rule = {
      ...dataMap.password,
      people: { owner: { column: 'person_id', erasure: { act: 'delete' } } },
    } satisfies TableRule<'password'>`,
  'nothing wrong': `export const rule = dataMap.password satisfies TableRule<'password'>`,
}

test('an unclassified table, column or key does not compile', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const files = Object.fromEntries(
    Object.values(samples).map((body, i) => [
      join(root, `compliance/data-map/sample-${i}.ts`),
      `import type { Schema } from '#core/db/schema/schema.ts'
       import { dataMap } from './map.ts'
       import { technical, type TableRule } from './rules.ts'
       export type Used = [Schema, TableRule<'job'>]; export const used = technical
       ${body}`,
    ]),
  )
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = (path) => files[path] ?? readFile(path)
  host.fileExists = (path) => path in files || fileExists(path)
  host.getSourceFile = (path, ...rest) =>
    path in files
      ? ts.createSourceFile(path, files[path] as string, ts.ScriptTarget.ES2023)
      : getSourceFile.call(host, path, ...rest)
  const program = ts.createProgram(Object.keys(files), { ...options, types: ['node'] }, host)
  const broken = Object.keys(samples).filter((_, i) => {
    const source = program.getSourceFile(join(root, `compliance/data-map/sample-${i}.ts`))
    return ts.getPreEmitDiagnostics(program, source).length > 0
  })
  expect(broken).toEqual(Object.keys(samples).filter((name) => name !== 'nothing wrong'))
})
