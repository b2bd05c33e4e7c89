/**
 * `npm run bench`: measures what the README claims, each figure in a process of its own, prints one table and ends with 1 when a
 * target is missed. `--only name` measures a part; `--write` puts the whole table into README.md, with the machine.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../bin/bootstrap/build.mjs'
import { command, leaveWhenStopped, Plain } from '../bin/bootstrap/children.mjs'
import { benches } from './benches.ts'
import type { Row } from './figure.ts'
import type { Told } from './programs/bench.ts'
import { asMarkdown, asText, machine, writeBetween } from './table.ts'

const root = join(import.meta.dirname, '..')
/** No figure takes nearly as long; whatever does hangs. */
const LONGEST = 600_000

await command(async () => {
  const { only, write } = parseArgs({
    options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
  }).values
  if (only !== undefined && !benches[only])
    throw new Plain(`There is no figure "${only}": choose from ${Object.keys(benches).join(', ')}.`)
  if (only !== undefined && write) throw new Plain('--write writes the whole table: leave out --only.')
  const names = only === undefined ? Object.keys(benches) : [only]
  if (names.some((name) => benches[name]?.pages)) await ensureBuilt(root)
  const here = machine(loadavg())
  const rows: Row[] = []
  const failed: string[] = []
  for (const name of names) {
    process.stdout.write(`Measuring: ${name} …\n`)
    const told = await measure(name)
    leaveWhenStopped()
    if ('rows' in told) rows.push(...told.rows)
    else failed.push(`${name}: ${told.failed}`)
  }
  process.stdout.write(`\n${asText(rows)}\n${here}\n`)
  for (const failure of failed) process.stderr.write(`\nNot measured, for it failed. ${failure}\n`)
  if (write && failed.length > 0) throw new Plain('README.md was left as it was.')
  if (write) await writeBetween(join(root, 'README.md'), 'figures', `${asMarkdown(rows)}\n\n${here}`)
  return failed.length > 0 || rows.some((row) => 'ok' in row && !row.ok) ? 1 : 0
})

/** In a process group and a folder of its own, so that nothing it started or wrote is left, however it ends. */
async function measure(name: string): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), `bench-${name}-`))
  const child = fork(join(import.meta.dirname, 'programs/bench.ts'), [name], {
    detached: true,
    env: { ...process.env, NODE_ENV: 'production', TMPDIR: folder },
  })
  const end = () => endGroup(child)
  const timer = setTimeout(end, LONGEST)
  process.once('SIGINT', end).once('SIGTERM', end)
  try {
    let told: Told = { failed: `it ended without an answer, or took longer than ${LONGEST / 1000} seconds` }
    child.on('message', (message) => {
      told = message as Told
    })
    await once(child, 'exit')
    return told
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', end).off('SIGTERM', end)
    end()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
