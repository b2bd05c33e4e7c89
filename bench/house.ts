/**
 * The whole house as an operator sees it: how soon it is ready when its data is already there, and what all its processes hold in
 * memory when nobody comes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { below, median, type Row } from './figure.ts'
import { anOwnHouse } from './own-house.ts'

const STARTS = 3
const IDLE_MS = 20_000
const SETTLED_MS = 5000
const root = join(import.meta.dirname, '..')

export async function benchHouse(): Promise<Row[]> {
  const { house, env } = await anOwnHouse()
  await house.close()
  const starts: number[] = []
  let memory = Number.NaN
  for (let start = 1; start <= STARTS; start++) {
    const served = await serve(env)
    try {
      starts.push(served.ms)
      if (start === STARTS) {
        memory = await idleMemory(served.child.pid as number)
      }
    } finally {
      await served.stop()
    }
  }
  return [
    below(3, {
      name: 'From `node bin/serve.ts` to its word that it is ready',
      measured: median(starts) / 1000,
      unit: 's',
      beside: `the middle one of ${STARTS} starts`,
    }),
    below(350, {
      name: `Memory of all its processes after ${IDLE_MS / 1000} idle seconds (PSS)`,
      measured: memory,
      unit: 'MB',
    }),
  ]
}

async function serve(env: NodeJS.ProcessEnv) {
  const started = performance.now()
  const child: ChildProcess = spawn(process.execPath, ['bin/serve.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  const ready = (async () => {
    if (!child.stdout) return false
    for await (const line of createInterface(child.stdout)) if (line.includes('is ready at')) return true
    return false
  })()
  const inTime = await Promise.race([ready, delay(30_000, false, { ref: false })])
  const ms = performance.now() - started
  if (!inTime) {
    await stop()
    throw new Error('the house was not ready within 30 seconds')
  }
  child.stdout?.resume()
  return { child, ms, stop }
}

/**
 * Proportional set size of a process and all below it, in MB: what they share counts once. Throws when the worker is not there or
 * was started anew meanwhile: an absent process is no small one.
 */
async function idleMemory(pid: number): Promise<number> {
  await delay(SETTLED_MS)
  const settled = await descendantsOf(pid)
  await delay(IDLE_MS - SETTLED_MS)
  const below = await descendantsOf(pid)
  if (below.length === 0 || below.some((one) => !settled.includes(one)))
    throw new Error('the worker does not stay up')
  let kilobytes = 0
  for (const each of [pid, ...below]) {
    const rollup = await readFile(`/proc/${each}/smaps_rollup`, 'utf8')
    kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1])
  }
  return (kilobytes * 1024) / 1e6
}

async function descendantsOf(pid: number): Promise<number[]> {
  const children: number[] = []
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const listed = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')
    children.push(...listed.split(' ').filter(Boolean).map(Number))
  }
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()]
}
