/**
 * The documentation says what the code does, as far as a program can tell. Failures pinned here:
 * - a setting is added, renamed or gets another standard value, and the tables still show the old one
 * - a package arrives that no decision gives a reason for
 * - a link or picture leads to no file, or an anchor to no heading
 * - a file, a script of package.json or a setting is named that is not there
 * - a left-over note, or a word about how the text came to be
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { settings } from '#core/config/settings.ts'
import { checkWords } from './words.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const isThere = (path: string) => existsSync(join(root, path))

const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => (folder ? `${folder}/${name}` : name))

const decisions = pagesIn('docs/decisions')
const pages = [...pagesIn(''), ...pagesIn('docs'), ...decisions]
const manifest = JSON.parse(read('package.json'))

/** What `find` answers for each page, as `page: what`. */
const inPages = (find: (text: string, page: string) => string[]) =>
  pages.flatMap((page) => find(read(page), page).map((what) => `${page}: ${what}`))

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((found) => found[1] ?? '')

describe('settings', () => {
  /** The rows of the table between the markers. */
  const tableIn = (path: string) =>
    (/<!-- settings -->\n([\s\S]*?)<!-- \/settings -->/.exec(read(path))?.[1] ?? '')
      .trim()
      .split('\n')
      .slice(2)
  /** A value to type is code, words are words. */
  const shown = (standard: string) =>
    standard === 'none' || standard.includes(' ') ? standard : `\`${standard}\``

  it('stand in the README as the code has them, in its order', () => {
    const rows = Object.entries(settings).map(
      ([name, { says, standard }]) => `| \`${name}\` | ${says} | ${shown(standard)} |`,
    )
    expect(tableIn('README.md')).toEqual(rows)
  })

  it('stand in docs/configuration.md with what they must be', () => {
    const rows = Object.entries(settings).map(
      ([name, { says, expects, standard }]) => `| \`${name}\` | ${says} | ${expects} | ${shown(standard)} |`,
    )
    expect(tableIn('docs/configuration.md')).toEqual(rows)
  })

  it('are named only where they are there', () => {
    const likeOne = new RegExp(
      `^(${[...new Set(Object.keys(settings).map((n) => n.split('_')[0]))].join('|')})_`,
    )
    const known = (name: string) => name.replace(/_FILE$/, '') in settings
    const unknown = inPages((text) =>
      all(text, /`([A-Z][A-Z0-9_]+)`/g).filter((name) => likeOne.test(name) && !known(name)),
    )
    expect(unknown).toEqual([])
  })
})

describe('decisions', () => {
  it('have their number, a title, a status and three parts, on one screen', () => {
    for (const path of decisions) {
      const text = read(path)
      const number = /(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]
      expect(text, path).toMatch(
        new RegExp(`^# ${number}\\. \\S.*\\n\\nStatus: (accepted|replaced by \\d{4})\\n`),
      )
      expect(all(text, /^## (.*)$/gm), path).toEqual(['Context', 'Decision', 'Consequences'])
      expect(text.split('\n').length, path).toBeLessThan(50)
    }
  })

  it('are numbered without a gap', () => {
    const numbers = decisions.map((path) => Number(/\/(\d{4})-/.exec(path)?.[1]))
    expect(numbers).toEqual(numbers.map((_, at) => at + 1))
  })

  it('give a reason for each package that is asked for', () => {
    const text = decisions.map(read).join('\n')
    const { dependencies, optionalDependencies, devDependencies, overrides } = manifest
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies, ...overrides })
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})

describe('links', () => {
  const linksIn = (text: string) => all(text, /\]\(([^)\s]+)\)/g).filter((to) => !/^[a-z]+:/.test(to))
  const isPicture = (to: string) => to.endsWith('.png')
  const fileOf = (to: string, page: string) => normalize(join(dirname(page), to))
  /** The anchor that a heading gets: lower case, without punctuation, spaces as hyphens. */
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')

  it('lead to files, and anchors to headings', () => {
    const broken = inPages((text, page) =>
      linksIn(text).filter((to) => {
        if (isPicture(to)) return false
        const [path = '', anchor] = to.split('#')
        const target = path ? fileOf(path, page) : page
        if (!isThere(target)) return true
        return (
          anchor !== undefined &&
          !all(read(target), /^#+ (.*)$/gm)
            .map(anchorOf)
            .includes(anchor)
        )
      }),
    )
    expect(broken).toEqual([])
  })

  it('to pictures of the program lead to pictures', () => {
    const missing = inPages((text, page) =>
      linksIn(text)
        .filter(isPicture)
        .map((to) => fileOf(to, page))
        .filter((path) => !isThere(path) || statSync(join(root, path)).size === 0),
    )
    expect(missing).toEqual([])
  })
})

describe('what is named is there', () => {
  it('files', () => {
    // What goes on with < or { is a pattern, not a name.
    const named =
      /(?<![\w/.-])((?:app|bench|bin|compliance|core|docker|docs|jobs|test)\/[\w./-]+)(?![\w./<{-])/g
    const missing = inPages((text) =>
      all(text, named)
        .map((path) => path.replace(/[./]+$/, ''))
        .filter((path) => !path.endsWith('.png') && !isThere(path)),
    )
    expect(missing).toEqual([])
  })

  it('scripts of package.json', () => {
    const named = /npm run ([\w:-]+)/g
    expect(inPages((text) => all(text, named).filter((name) => !manifest.scripts[name]))).toEqual([])
  })
})

it('every page speaks of the project alone and leaves no note', () => {
  const words =
    /\b(TBD|lorem ipsum|coming soon|assistants?|chatbots?|language models?|utili[sz]e|leverage)\b/gi
  const places = /(?:^|[\s("'`])(\/(?:work|root|home)\/|\.\.\/shared)/g
  expect(
    inPages((text) => [...all(text, new RegExp(`(${words.source})`, 'gi')), ...all(text, places)]),
  ).toEqual([])
  expect(pages.flatMap((page) => checkWords(new Map([[page, read(page)]])))).toEqual([])
})
