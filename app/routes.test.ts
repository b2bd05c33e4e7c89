/**
 * Pins: a link that leads nowhere; a path written by hand, which nobody checks against the map; a route that anybody may open because nobody said who may; a page without a title; an
 * unknown address that is answered without the reader's language.
 */
import type { RouteConfigEntry } from '@remix-run/route-config'
import { expect, test } from 'vitest'
import { paths } from './paths.ts'
import routes from './routes.ts'

interface Listed {
  pattern: string
  file: string
}

/** Every route with its whole pattern, those inside of layouts too. */
function listed(entries: readonly RouteConfigEntry[], above = ''): Listed[] {
  return entries.flatMap((entry) => {
    const pattern = [above, entry.path?.replace(/^\//, '')].filter(Boolean).join('/')
    return [{ pattern, file: entry.file }, ...listed(entry.children ?? [], pattern)]
  })
}

const all = listed(routes as RouteConfigEntry[])
const modules = import.meta.glob('./routes/**/*.{ts,tsx}') as Record<
  string,
  () => Promise<Record<string, unknown>>
>

const sources = import.meta.glob('./**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Record<string, string>

async function moduleOf(file: string): Promise<Record<string, unknown>> {
  const load = modules[`./${file}`]
  if (!load) throw new Error(`${file} is on the map and not on the disk`)
  return load()
}

test('every link leads to a route of its own', () => {
  const patterns = all
    .filter(({ pattern }) => !pattern.endsWith('*'))
    .map(({ pattern }) => new RegExp(`^/${pattern.replace(/\./g, '\\.').replace(/:\w+/g, '[^/]+')}$`))
  for (const [name, build] of Object.entries(paths)) {
    const link = (build as (...words: string[]) => string)('one', 'video')
    const { pathname } = new URL(link, 'http://localhost')
    expect(
      patterns.some((pattern) => pattern.test(pathname)),
      `${name}: ${pathname}`,
    ).toBe(true)
  }
})

test('every route has a link, so that nobody has to write its path', () => {
  const links = Object.values(paths).map((build) => {
    const link = (build as (...words: string[]) => string)('one', 'video')
    return new URL(link, 'http://localhost').pathname
  })
  for (const { pattern, file } of all) {
    if (pattern.endsWith('*') || file.includes('layout')) continue
    const route = new RegExp(`^/${pattern.replace(/\./g, '\\.').replace(/:\w+/g, '[^/]+')}$`)
    expect(
      links.some((link) => route.test(link)),
      `/${pattern}`,
    ).toBe(true)
  }
})

/** Patterns and examples, which are not links: the maps themselves, what describes the API, and what recognises a path. */
const namesPatterns =
  /\/routes\.ts$|^\.\/routes\/(api|v1)\/|^\.\/routes\/public\/robots-txt|^\.\/http\/|^\.\/studio\//

test('no page, rule or mail writes a path by hand', () => {
  const sections = new Set(
    all.flatMap(({ pattern }) => pattern.split('/')[0] || []).filter((one) => one !== '*'),
  )
  const byHand = new RegExp(
    `['"\`]/(${[...sections].map((one) => one.replace(/\./g, '\\.')).join('|')})(?=[/?'"\`])`,
    'g',
  )
  const found = Object.entries(sources)
    .filter(([file]) => !/\.test\.tsx?$|^\.\/paths\.ts$/.test(file) && !namesPatterns.test(file))
    .flatMap(([file, text]) => [...text.matchAll(byHand)].map(([path]) => `${file} ${path}`))
  expect(found).toEqual([])
})

test('every loader and action says who may open it', async () => {
  for (const { file } of all) {
    const route = await moduleOf(file)
    const doors = ['loader', 'action'].flatMap((name) =>
      name in route ? [[name, route[name]] as const] : [],
    )
    expect(doors.length, `${file} has neither loader nor action`).toBeGreaterThan(0)
    for (const [name, door] of doors)
      expect((door as { guard?: unknown }).guard, `${name} of ${file}`).toBeTruthy()
  }
})

test('every page has a title', async () => {
  for (const { file } of all) {
    const route = await moduleOf(file)
    if (!route.default || file.includes('layout')) continue
    expect(route.meta, file).toBeTypeOf('function')
  }
})

test('an address that is none is caught by the map', () => {
  expect(all.map(({ pattern }) => pattern)).toContain('*')
})
