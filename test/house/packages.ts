/** What package.json asks for is exact, and the lock holds it for every platform. */
import type { Finding } from './findings.ts'

type Dependencies = Readonly<Record<string, string>>
type Manifest = {
  dependencies?: Dependencies
  devDependencies?: Dependencies
  optionalDependencies?: Dependencies
  overrides?: Dependencies
}
type Lock = { packages: Readonly<Record<string, { optionalDependencies?: Dependencies; resolved?: string }>> }

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/

export function checkPins(manifest: Manifest): Finding[] {
  const all = [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.overrides,
  ]
  return all
    .flatMap((some) => Object.entries(some ?? {}))
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => ({
      file: 'package.json',
      says: `${name} is "${version}", not one exact version`,
    }))
}

/**
 * npm writes a lock without the platform packages that a registry did not serve, and `npm ci` then stops with "Missing: … from
 * lock file": each optional dependency must be somewhere that Node's resolution would find it.
 */
export function checkLock(lock: Lock): Finding[] {
  const findings: Finding[] = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (entry.resolved)
      findings.push({ file: 'package-lock.json', says: `${path} names where it was downloaded from` })
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      let at = path
      while (!lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) {
        if (!at) {
          findings.push({
            file: 'package-lock.json',
            says: `${path || 'the project'} wants ${name}, which is missing`,
          })
          break
        }
        at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))
      }
    }
  }
  return findings
}
