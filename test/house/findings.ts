import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Something in the repository that breaks a house rule. `line` counts from 1. */
export type Finding = { file: string; line?: number; says: string }

/** The repository's own text files: path from its root with slashes → content. */
export type Sources = ReadonlyMap<string, string>

const SKIPPED = new Set(['node_modules', 'build', 'data', '.git', '.cache', 'test/fixtures', 'docs/pictures'])
const TEXT = /(\.(ts|tsx|mjs|js|json|css|md|ya?ml|sh|sql|txt|toml)|\/?(Dockerfile|Caddyfile|\.npmrc|run))$/

export function readSources(root: string): Sources {
  const sources = new Map<string, string>()
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (SKIPPED.has(path) || entry.name === 'node_modules') continue
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile() && TEXT.test(path)) sources.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  walk('')
  return sources
}

export const isCode = (path: string) => /\.(ts|tsx|mjs)$/.test(path)
export const isTest = (path: string) => /\.(test|contract)\.tsx?$/.test(path) || path.startsWith('test/')
