/** Builds the pages into build/ when the sources changed since the last build. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './children.mjs'

const FOLDERS = ['app', 'core', 'compliance', 'public']
const FILES = ['vite.config.ts', 'package.json', 'package-lock.json']

/**
 * What the build depends on, as one hash: names, sizes and modification times, which takes milliseconds where contents would
 * take a second. Tests are no part of it. @param {string} root @returns {string}
 */
export function sourceStamp(root) {
  const lines = []
  const add = (path, stat) => stat && lines.push(`${path} ${stat.size} ${stat.mtimeMs}`)
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (!/\.test\.tsx?$/.test(path)) add(path, statSync(join(root, path), { throwIfNoEntry: false }))
    }
  }
  for (const folder of FOLDERS) if (statSync(join(root, folder), { throwIfNoEntry: false })) walk(folder)
  for (const file of FILES) add(file, statSync(join(root, file), { throwIfNoEntry: false }))
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

const stampFile = (root) => join(root, 'build', '.stamp')

/** Whether build/ was made of the sources as they are. @param {string} root */
export function buildIsFresh(root) {
  try {
    return readFileSync(stampFile(root), 'utf8') === sourceStamp(root)
  } catch {
    return false
  }
}

/** @param {string} root */
export async function ensureBuilt(root) {
  if (buildIsFresh(root)) return
  process.stdout.write('Building the pages …\n')
  // The stamp goes first and comes back last, of the sources as they were before: a build cut short is never taken for one.
  rmSync(stampFile(root), { force: true })
  const stamp = sourceStamp(root)
  await must(
    'The pages could not be built: the lines above say why.',
    join(root, 'node_modules', '.bin', 'remix'),
    ['vite:build'],
    {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
      quiet: true,
    },
  )
  writeFileSync(stampFile(root), stamp)
}
