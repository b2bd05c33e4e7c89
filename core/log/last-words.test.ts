/**
 * Real processes. Pins: a fault that nothing caught prints the row a driver hung on it to standard error, leaves no line in the
 * log, or ends with 0; a reader of the output that is gone ends the service.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const at = (path: string) => new URL(path, import.meta.url).href

async function processOf(body: string, options: { deaf?: boolean } = {}) {
  const source = `
    import { writeSync } from 'node:fs'
    import { createLog } from '${at('./log.ts')}'
    import { endOnFaults } from '${at('./last-words.ts')}'
    endOnFaults(createLog({ level: 'info', destination: { write: (line) => writeSync(3, line) } }), 'The worker')
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const heard = ['', '', '']
  for (const [index, stream] of [child.stdout, child.stderr, child.stdio[3]].entries())
    stream?.on('data', (piece) => {
      heard[index] += piece
    })
  if (options.deaf) child.stdout?.destroy()
  const [code] = await once(child, 'close')
  return { code, error: heard[1] as string, log: heard[2] as string }
}

const row = `Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(ana@example.org)' })`

test.each([
  ['an error thrown later', `setTimeout(() => { throw ${row} })`, 'uncaught exception'],
  ['a refused promise', `Promise.reject(${row}); setInterval(() => {}, 1000)`, 'unhandled rejection'],
])('%s is written down without the row in it, and ends the process with 1', async (_, body, kind) => {
  const { code, error, log } = await processOf(body)
  expect(code).toBe(1)
  expect(JSON.parse(log)).toMatchObject({
    level: 'fatal',
    kind,
    error: { message: 'duplicate key', code: '23505', stack: expect.any(Array) },
  })
  expect(error).toBe(
    'The worker ended by a fault of its own. Its log, in the folder logs of DATA_DIR, says where.\n',
  )
  expect(log).not.toContain('example.org')
})

test('a text that is thrown in place of an error is not repeated', async () => {
  const { code, error, log } = await processOf(`Promise.reject('a prompt of somebody')`)
  expect(code).toBe(1)
  expect(log + error).not.toContain('prompt of somebody')
  expect(JSON.parse(log)).toMatchObject({ error: 'a value that is no error (string)' })
})

test('goes on when nobody reads what it prints', async () => {
  const body = `let refused
    while (!refused) refused = await new Promise((resolve) => process.stdout.write('x', resolve))
    setImmediate(() => process.exit(7))`
  expect(await processOf(body, { deaf: true })).toMatchObject({ code: 7, log: '' })
})
