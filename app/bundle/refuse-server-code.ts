import { isBuiltin } from 'node:module'
import { isAbsolute, relative, sep } from 'node:path'
import type { Plugin } from 'vite'

/**
 * Server code must not reach the browser. A component that imports a query or a secret builds without a word and is
 * shipped, so this plugin stops the build (and the development server) and names both files.
 *
 * It looks when an import is resolved, which is after Remix has cut `loader`, `action` and `headers` out of a route:
 * what only those use is never asked for. `.server` files are refused by Remix itself.
 */
export function refuseServerCode(rootDir: string): Plugin {
  return {
    name: 'fairframe-refuse-server-code',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      // The dependency scan of the development server reads routes before Remix has cut them.
      if (options.ssr || ('scan' in options && options.scan) || !importer) return null
      const from = placeOf(importer, rootDir)
      if (!from || from.startsWith(`node_modules/`)) return null
      if (isBuiltin(source)) return this.error(refusal(source, from))
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      const to = resolved && placeOf(resolved.id, rootDir)
      if (to && isServerCode(to)) return this.error(refusal(to, from))
      return resolved
    },
  }
}

const serverFolders = [
  'bench/',
  'bin/',
  'compliance/',
  'core/',
  'docker/',
  'jobs/',
  'test/',
  'app/accounts/',
  'app/billing/',
  'app/bundle/',
  'app/console/',
  'app/http/',
  'app/studio/',
]

/** Plain rules and records that pages share with the server. They import nothing that a browser lacks. */
const safe = [
  /^core\/clock\//,
  /^core\/errors\//,
  /^core\/i18n\//,
  /^app\/(accounts|billing|studio)\/.+\.schema\.ts$/,
  /^app\/accounts\/(ages|permissions|regions)\.ts$/,
  /^app\/studio\/catalogue\/(?!.+\.queries\.ts$)/,
  /^app\/studio\/generations\/(states|routing)\.ts$/,
]

/** @param place a path from the root of the repository, with forward slashes */
export function isServerCode(place: string): boolean {
  return (
    serverFolders.some((folder) => place.startsWith(folder)) && !safe.some((pattern) => pattern.test(place))
  )
}

function placeOf(id: string, rootDir: string): string | undefined {
  const path = id.split('?')[0] ?? id
  if (!isAbsolute(path)) return undefined
  const place = relative(rootDir, path).split(sep).join('/')
  return place.startsWith('..') ? undefined : place
}

function refusal(wanted: string, from: string): string {
  return (
    `${from} imports ${wanted}, which is server code and would be sent to the browser. ` +
    'Read it in a loader, or move what both sides need into a *.schema.ts.'
  )
}
