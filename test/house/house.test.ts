/**
 * Each house rule goes red on a broken sample, and stays green on its mended twin. Failures pinned here:
 * - a relative path, an export-from, a dynamic import or an import type slips past the direction check
 * - a component pulls the database into the browser
 * - a lock without one platform's package passes here and stops `npm ci` there
 */
import { describe, expect, it } from 'vitest'
import { checkImports, importsOf } from './imports.ts'
import { checkLengths, MOST_LINES } from './lengths.ts'
import { checkLock, checkPins } from './packages.ts'
import { checkWords } from './words.ts'

const importing = (path: string, text: string) =>
  checkImports(new Map([[path, text]])).map(({ says }) => says)

describe('imports point one way', () => {
  it.each([
    ['core/db/db.ts', `import { x } from '#compliance/data-map/map.ts'`],
    ['core/db/db.ts', `import { x } from '../../app/http/page.ts'`],
    ['compliance/requests/access.ts', `export { x } from '#app/studio/generations/generation.ts'`],
    ['compliance/requests/access.ts', `import type { X } from '#app/billing/ledger/ledger.ts'`],
    ['compliance/requests/access.ts', `type X = import('#app/billing/ledger/ledger.ts').X`],
    ['compliance/requests/access.ts', `const x = await import('../../app/billing/ledger/ledger.ts')`],
    ['app/billing/ledger/ledger.ts', `import { page } from '#app/http/page.ts'`],
    ['app/studio/generations/generation.ts', `import '../../../jobs/worker.ts'`],
    ['app/http/page.ts', `import Home from '#app/routes/public/home.tsx'`],
    ['app/routes/public/home.tsx', `import { worker } from '#jobs/worker.ts'`],
    ['jobs/worker.ts', `import { page } from '#app/http/page.ts'`],
    ['core/db/db.ts', `import { aPerson } from '#test/factories/person.ts'`],
    ['core/db/db.ts', `import { onFineNode } from '../../bin/bootstrap/node.mjs'`],
    ['app/accounts/sessions.ts', `import { Lucia } from 'lucia'`],
    ['test/factories/session.ts', `import { Lucia } from 'lucia'`],
    ['app/components/gallery/card.tsx', `import { db } from '#core/db/db.ts'`],
    ['app/components/gallery/card.tsx', `import { charge } from '#app/billing/ledger/ledger.ts'`],
    ['app/components/gallery/card.tsx', `import { readFile } from 'node:fs/promises'`],
    ['app/components/gallery/card.tsx', `import { sql } from 'kysely'`],
  ])('%s may not say %s', (path, text) => {
    expect(importing(path, text)).toHaveLength(1)
  })

  it.each([
    ['compliance/requests/access.ts', `import { now } from '#core/clock/clock.ts'`],
    ['app/billing/ledger/ledger.ts', `import { audit } from '#compliance/records/audit.ts'`],
    ['app/routes/public/home.tsx', `import { page } from '#app/http/page.ts'`],
    ['jobs/worker.ts', `import { sweep } from '#compliance/retention/sweep.ts'`],
    ['core/db/db.test.ts', `import { aPerson } from '#test/factories/person.ts'`],
    ['bin/serve.ts', `import { server } from '#app/http/server.ts'`],
    ['app/http/session.ts', `import { Lucia } from 'lucia'`],
    ['app/components/gallery/card.tsx', `import type { Creation } from '#app/studio/creations/creation.ts'`],
    [
      'app/components/gallery/card.tsx',
      `import { promptSchema } from '#app/studio/generations/prompt.schema.ts'`,
    ],
    ['app/components/gallery/card.tsx', `import { say } from '#core/i18n/say.ts'`],
    ['app/components/gallery/card.tsx', `import { pgText } from 'pgtext'`],
    ['core/db/db.ts', `// import { x } from '#app/http/page.ts'\nconst text = "import x from '#app/x.ts'"`],
  ])('%s may say %s', (path, text) => {
    expect(importing(path, text)).toEqual([])
  })

  it('says the line', () => {
    expect(importsOf('a.ts', `\n\nimport x from 'y'`)).toEqual([{ specifier: 'y', line: 3, typeOnly: false }])
  })
})

describe('files', () => {
  it('may have 300 lines and not one more, unless excused by name', () => {
    const sources = new Map([
      ['core/long.ts', 'x\n'.repeat(MOST_LINES + 1)],
      ['core/full.ts', 'x\n'.repeat(MOST_LINES)],
      ['docs/long.md', 'x\n'.repeat(1000)],
    ])
    expect(checkLengths(sources, '').map(({ file }) => file)).toEqual(['core/long.ts'])
    expect(checkLengths(sources, 'core/long.ts one table per line\n')).toEqual([])
  })

  it.each([
    ['core/utils/text.ts', 'export {}'],
    ['app/utils.ts', 'export {}'],
    ['core/a.ts', '// TODO later'],
    ['core/a.ts', '/* FIXME */'],
    ['.npmrc', 'registry=https://registry.example.org/npm'],
    ['core/a.test.ts', `it.only('x', () => {})`],
    ['core/a.test.ts', `describe.skip('x', () => {})`],
    ['core/a.test.ts', `it.concurrent.only('x', () => {})`],
  ])('%s may not have %s', (path, text) => {
    expect(checkWords(new Map([[path, text]]))).toHaveLength(1)
  })

  it.each([
    ['core/a.ts', `query.skip(3)`],
    ['core/a.test.ts', `it.skipIf(noRadosgw)('x', () => {})`],
    ['core/utility-bills.ts', 'export {}'],
    ['docs/registry.md', 'https://www.example.org/the-registry-of-processors'],
  ])('%s may have %s', (path, text) => {
    expect(checkWords(new Map([[path, text]]))).toEqual([])
  })
})

describe('packages', () => {
  it('are pinned to one exact version', () => {
    const manifest = {
      dependencies: { a: '^1.2.3', b: '1.2.3' },
      devDependencies: { c: '18.4.0-beta.17', d: 'latest' },
      overrides: { e: '>=4' },
    }
    expect(checkPins(manifest).map(({ says }) => says.split(' ')[0])).toEqual(['a', 'd', 'e'])
  })

  it('are in the lock for every platform, wherever Node would find them', () => {
    const packages = {
      '': {},
      'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-mac': '1' } },
      'node_modules/a/node_modules/a-linux': {},
      'node_modules/a/node_modules/b': { optionalDependencies: { 'a-linux': '1', 'a-win': '1' } },
      'node_modules/a-mac': {},
    }
    expect(checkLock({ packages }).map(({ says }) => says)).toEqual([
      'node_modules/a/node_modules/b wants a-win, which is missing',
    ])
  })

  it('do not name where they were downloaded from', () => {
    expect(
      checkLock({ packages: { 'node_modules/a': { resolved: 'https://packages.example.org/a.tgz' } } }),
    ).toHaveLength(1)
  })
})
