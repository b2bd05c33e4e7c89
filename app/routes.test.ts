/**
 * Pins: a link that leads nowhere; a route that anybody may open because nobody said who may; a page without a title; an
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
