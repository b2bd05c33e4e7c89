/** Installs the locked dependencies when those in node_modules are not the ones in the lock. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from './children.mjs'

/**
 * Whether `npm ci` has to run. npm leaves a record of what it installed in node_modules/.package-lock.json, written last, so an
 * install that was cut short counts as none, and one made by hand as good.
 * @param {{packages: Record<string, any>}} lock
 * @param {{packages: Record<string, any>} | undefined} installed npm's record
 * @param {'all' | 'production'} wanted
 */
export function needsInstall(lock, installed, wanted) {
  if (!installed) return true
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '') continue
    const there = installed.packages[path]
    if (there) {
      if (there.version !== entry.version || there.integrity !== entry.integrity) return true
      continue
    }
    // Packages for other platforms are in the lock and never on this disk.
    const mayBeAbsent = entry.optional || entry.devOptional || (entry.dev && wanted === 'production')
    if (!mayBeAbsent) return true
  }
  return Object.keys(installed.packages).some((path) => !lock.packages[path])
}

const json = async (file) => JSON.parse(await readFile(file, 'utf8'))

/** @param {string} root the repository @param {'all' | 'production'} wanted */
export async function ensureInstalled(root, wanted) {
  const lock = await json(join(root, 'package-lock.json'))
  const installed = await json(join(root, 'node_modules', '.package-lock.json')).catch(() => undefined)
  if (!needsInstall(lock, installed, wanted)) return
  process.stdout.write('Installing what Fairframe needs (once, about half a minute) …\n')
  // Said outright, because NODE_ENV=production would otherwise leave out what the build needs.
  const kinds = wanted === 'all' ? '--include=dev' : '--omit=dev'
  await must(
    "The dependencies could not be installed: the lines above are npm's.",
    'npm',
    ['ci', kinds, '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, quiet: true },
  )
}
