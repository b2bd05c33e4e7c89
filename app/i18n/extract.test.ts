import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { catalogueOf, cataloguePath, collectMessages } from './extract.ts'

/**
 * Pins: a sentence that translators never see because it was put together; a list that is older than the code; a date
 * inside a sentence that shows the server's hour; a sentence in a comment or a test taken for a real one.
 */
const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

test('the list of sentences is what the code says', () => {
  const { messages, faults } = collectMessages(fileURLToPath(new URL('../..', import.meta.url)))
  expect(faults).toEqual([])
  expect(readFileSync(cataloguePath, 'utf8'), 'run: node app/i18n/extract.ts --write').toBe(
    catalogueOf(messages),
  )
})

test('finds what is said, asked both ways, marked up, or named once at the top', () => {
  const { messages, faults } = collect(`
    // t('in a comment')
    const title = 'Named at the top'
    say('Nothing was charged')
    i18n.t('One')
    t(late ? 'Late' : 'In time')
    t(error?.sentence ?? 'Something else')
    rich('Read the <a>terms</a>', {})
    t(title)
    function refuse(code, text) {
      const why = 'Named inside'
      return [say(text), say(why)]
    }
    refuse('a', 'Passed on')
    t(error.sentence)
    "t('in a string')"
  `)
  expect(faults).toEqual([])
  expect(messages).toEqual([
    'In time',
    'Late',
    'Named at the top',
    'Named inside',
    'Nothing was charged',
    'One',
    'Passed on',
    'Read the <a>terms</a>',
    'Something else',
  ])
})

test('names the line of a sentence that is put together', () => {
  const { faults } = collect(`say(\`\${n} videos\`)\nt("Hello " + name)\nsay(text)\n`)
  expect(faults).toEqual([
    'app/page.tsx:1 say() needs its text written out, not put together',
    'app/page.tsx:2 t() needs its text written out, not put together',
    'app/page.tsx:3 say() needs its text written out',
  ])
})

test('a program may have a say of its own', () => {
  expect(collect(`function say(line) {}\nsay(\`up on \${port}\`)`)).toEqual({ messages: [], faults: [] })
})

test('refuses a date format inside a sentence, and spaces around it', () => {
  const { faults } = collect("t('Ends {end, date, short}', {})\nt(' or ')\n")
  expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['app/page.tsx:1', 'app/page.tsx:2'])
})

function collect(code: string) {
  const root = mkdtempSync(join(tmpdir(), 'fairframe-messages-'))
  made.push(root)
  for (const folder of ['app', 'core', 'compliance', 'jobs', 'bin']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'app/page.tsx'), code)
  writeFileSync(join(root, 'app/page.test.tsx'), "t('in a test')")
  return collectMessages(root)
}
