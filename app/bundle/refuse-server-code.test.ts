import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { isServerCode, refuseServerCode } from './refuse-server-code.ts'

/**
 * Pins: a component that imports a query, directly or through another file, and is built in silence; a message that
 * names only one of the two files; a schema that both sides need being refused; the server's own build being refused.
 */
const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

const query = { 'app/studio/generations/generation.queries.ts': 'export const secret = 1' }

test('a component that imports a query stops the build, and both files are named', async () => {
  const built = build({
    ...query,
    'app/components/Card.ts':
      "import { secret } from '../studio/generations/generation.queries.ts'\nexport default secret",
  })
  await expect(built).rejects.toThrow(
    'app/components/Card.ts imports app/studio/generations/generation.queries.ts, which is server code',
  )
})

test('the way through another file is found too', async () => {
  const built = build({
    ...query,
    'app/components/Card.ts': "export { label as default } from './label.ts'",
    'app/components/label.ts':
      "export { secret as label } from '#app/studio/generations/generation.queries.ts'",
  })
  await expect(built).rejects.toThrow(
    'app/components/label.ts imports app/studio/generations/generation.queries.ts',
  )
})

test('what only Node has is refused by name', async () => {
  const built = build({
    'app/components/Card.ts': "import { readFileSync } from 'node:fs'\nexport default readFileSync",
  })
  await expect(built).rejects.toThrow('app/components/Card.ts imports node:fs')
})

test('a schema and a type may be shared', async () => {
  await build({
    ...query,
    'app/studio/generations/generation.schema.ts': 'export const longest = 12',
    'app/components/Card.ts':
      "import type { secret } from '../studio/generations/generation.queries.ts'\nimport { longest } from '../studio/generations/generation.schema.ts'\nexport default longest as typeof secret",
  })
})

test('the server build takes everything', async () => {
  const files = {
    ...query,
    'app/components/Card.ts':
      "import { secret } from '../studio/generations/generation.queries.ts'\nexport default secret",
  }
  await build(files, { ssr: true })
})

test('the ground is the server’s unless it is listed', () => {
  expect(
    [
      'core/db/ground.ts',
      'core/ids/ids.ts',
      'compliance/policy/policy.ts',
      'app/http/edge.ts',
      'jobs/worker.ts',
    ].filter(isServerCode),
  ).toHaveLength(5)
  expect(
    [
      'core/i18n/say.ts',
      'core/errors/errors.ts',
      'core/clock/clock.ts',
      'app/components/ui/Button.tsx',
      'app/routes/studio/compose.tsx',
      'app/studio/catalogue/record.ts',
    ].filter(isServerCode),
  ).toEqual([])
})

async function build(files: Record<string, string>, options: { ssr?: boolean } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'fairframe-bundle-'))
  made.push(root)
  const all = { 'package.json': '{"imports":{"#app/*":"./app/*"}}', ...files }
  for (const [path, code] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), code)
  }
  const vite = await import('vite')
  await vite.build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [refuseServerCode(root)],
    build: {
      write: false,
      ssr: options.ssr ?? false,
      rollupOptions: { input: join(root, 'app/components/Card.ts'), preserveEntrySignatures: 'strict' },
    },
  })
}
