import type { ServerBuild } from '@remix-run/node'

type Routes = ServerBuild['routes']

/**
 * The name under which the log has an address: the pattern of its route, `/console/people/:id`. A real path holds ids, and
 * maybe a token that somebody pasted; what is no address of ours is `unmatched`. The ways into one's first segment are few,
 * so asking takes about a microsecond.
 */
export function routeNames(routes: Routes): (path: string) => string {
  const patterns = new Set(Object.keys(routes).map((id) => patternOf(routes, id)))
  const ways = new Map<string, { name: string; takes: RegExp }[]>()
  // What says more of an address comes before what takes any.
  for (const name of [...patterns].sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))) {
    const first = firstOf(name)
    ways.set(first, [...(ways.get(first) ?? []), { name, takes: takesOf(name) }])
  }
  return (path) => {
    // The framework asks for a page's data under these names.
    const page = path.endsWith('.data') ? path.slice(0, -5).replace(/^\/_root$/, '/') : path
    return ways.get(firstOf(page))?.find(({ takes }) => takes.test(page))?.name ?? 'unmatched'
  }
}

function patternOf(routes: Routes, id: string): string {
  const { parentId, path = '' } = routes[id] ?? {}
  const above = parentId === undefined ? '' : patternOf(routes, parentId)
  return `/${[...above.split('/'), ...path.split('/')].filter(Boolean).join('/')}`
}

function firstOf(path: string): string {
  const end = path.indexOf('/', 1)
  return path.slice(1, end < 0 ? undefined : end).toLowerCase()
}

/** One letter a segment: a word, a parameter, the rest. */
function rankOf(pattern: string): string {
  return pattern.replace(/[^/]+/g, (part) => (part === '*' ? 'c' : part.startsWith(':') ? 'b' : 'a'))
}

function takesOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.]/g, '\\.')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\/\*$/, '(?:/.*)?')
    .replace(/^\/$/, '')
  return new RegExp(`^${source}/?$`, 'i')
}
