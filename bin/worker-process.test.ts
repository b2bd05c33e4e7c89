/**
 * Real processes. Pins: Ctrl-C waits for ever for a worker that a signal has ended already; a worker that died stays dead; one
 * that does not listen outlives the house.
 */
import { once } from 'node:events'
import { watch } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '#core/clock/clock.ts'
import { createLog } from '#core/log/log.ts'
import { aFolder } from '#test/grounds.ts'
import { keepWorker } from './worker-process.ts'

/** A kept program that writes its process id into a file whenever it starts, with `rest` after that. */
async function kept(rest: string) {
  const folder = await aFolder()
  const program = join(folder, 'worker.mjs')
  const file = join(folder, 'pids')
  await writeFile(file, '')
  await writeFile(
    program,
    `import { appendFileSync } from 'node:fs'
    ${rest}
    appendFileSync(${JSON.stringify(file)}, process.pid + '\\n')`,
  )
  const changes = watch(file)
  const logged: string[] = []
  const died: (() => void)[] = []
  const destination = {
    write(line: string) {
      logged.push(line)
      for (const tell of died.splice(0)) tell()
    },
  }
  const worker = keepWorker(program, { log: createLog({ level: 'info', destination }), clock: systemClock })
  const pids = async () => (await readFile(file, 'utf8')).trim().split('\n').filter(Boolean).map(Number)
  return {
    logged,
    /** Resolves with the process id of the n-th start. */
    async started(n: number): Promise<number> {
      for (;;) {
        const changed = once(changes, 'change')
        const pid = (await pids())[n - 1]
        if (pid) return pid
        await changed
      }
    },
    noticed: () => new Promise<void>((resolve) => died.push(resolve)),
    async stop(graceMs = 5000) {
      await worker.stop(graceMs)
      changes.close()
    },
  }
}

const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const idles = 'setInterval(() => {}, 1000)'

test('one that a signal ended does not keep the house from ending', async () => {
  const worker = await kept(idles)
  const noticed = worker.noticed()
  process.kill(await worker.started(1), 'SIGKILL')
  await noticed
  expect(worker.logged.join()).toContain('"signal":"SIGKILL"')
  await worker.stop()
})

test('one that died is started again, and ends with the house', async () => {
  const worker = await kept(idles)
  process.kill(await worker.started(1), 'SIGKILL')
  const second = await worker.started(2)
  await worker.stop()
  expect(isThere(second)).toBe(false)
})

test('one that does not listen is killed when its time is over', async () => {
  const worker = await kept(`process.on('SIGTERM', () => {}); ${idles}`)
  const pid = await worker.started(1)
  await worker.stop(100)
  expect(isThere(pid)).toBe(false)
})
