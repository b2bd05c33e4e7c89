/** Pins: a token or an id of an address in the log; two routes under one name; a page's data under another name than the page. */
import { expect, test } from 'vitest'
import map from '#app/routes.ts'
import { routeNames } from './route-names.ts'

interface Entry {
  path?: string | undefined
  file: string
  children?: Entry[] | undefined
}

/** The map as the build has it. */
function built(entries: readonly Entry[], parentId = 'root'): Record<string, unknown> {
  const routes = entries.flatMap(({ path, file, children }) => [
    [file, { id: file, parentId, path }] as const,
    ...Object.entries(built(children ?? [], file)),
  ])
  return { ...(parentId === 'root' ? { root: { id: 'root', path: '' } } : {}), ...Object.fromEntries(routes) }
}

const nameOf = routeNames(built(map as Entry[]) as Parameters<typeof routeNames>[0])

test.each([
  ['/', '/'],
  ['/_root.data', '/'],
  ['/sign-in', '/sign-in'],
  ['/Sign-In/', '/sign-in'],
  ['/sign-in.data', '/sign-in'],
  ['/reset-password/TOKENTOKENTOKEN', 'unmatched'],
  ['/TOKENTOKENTOKEN', 'unmatched'],
  ['//sign-in', 'unmatched'],
  ['/v/abc', '/v/:publicId'],
  ['/console', '/console'],
  ['/console/people/sub_1', '/console/people/:id'],
  ['/console/people/sub_1.data', '/console/people/:id'],
  ['/console/people/sub_1/TOKEN', 'unmatched'],
  ['/console/generations/gen_1/video', '/console/generations/:id/video'],
  ['/media/gen_1/poster', '/media/:id/:kind'],
  ['/.well-known/security.txt', '/.well-known/security.txt'],
  ['/xwell-known/security.txt', 'unmatched'],
  ['/robots.txt', '/robots.txt'],
  ['/api/v1/generations/gen_1', '/api/v1/generations/:id'],
  ['/api/TOKEN', '/api/*'],
  ['/api', '/api/*'],
])('%s is %s in the log', (path, name) => {
  expect(nameOf(path)).toBe(name)
})
