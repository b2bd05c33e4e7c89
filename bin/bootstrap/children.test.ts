/**
 * Real processes. Failures pinned here:
 * - a started program outlives the command that was told to stop, or the command ends before it
 * - what a person can mend is shown with a stack trace, or a failure ends with code 0
 * - `npm start` is ended and the server runs on, with nobody's terminal
 * - Ctrl-C does nothing to a command that waits for its input
 * - a quiet program that failed leaves nobody the wiser
 * - a reader that has seen enough ends the work halfway, with a stack trace
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

const children = new URL('./children.mjs', import.meta.url).href

/** Runs `body` as a command of its own in a new process. */
function started(body: string) {
  const source = `import { command, endBySignals, must, Plain, run } from '${children}'\nawait command(async () => { ${body} })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  child.stderr.on('data', (chunk) => {
    text += chunk
  })
  return {
    child,
    said: () => text,
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal, text })),
  }
}

const node = (source: string) => `process.execPath, ['-e', ${JSON.stringify(source)}]`
const waiting = `process.on('SIGTERM', () => { console.log('tidying'); setTimeout(() => process.exit(7), 200) });
  setInterval(() => {}, 1000); console.log('waiting')`

it('passes SIGTERM on, waits, and ends with the exit code of what it handed over to', async () => {
  const { child, said, ended } = started(`return run(${node(waiting)})`)
  while (!said().includes('waiting')) await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await ended).toEqual({ code: 7, signal: null, text: 'waiting\ntidying\n' })
})

it('ends what it started when npm was told to stop, though npm tells only the shell between', async () => {
  const script = `import { command, run } from '${children}'; await command(() => run(${node(waiting)}))`
  const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_lifecycle_event: 'start' },
  })
  let text = ''
  shell.stdout.on('data', (chunk) => {
    text += chunk
  })
  while (!text.includes('waiting')) await once(shell.stdout, 'data')
  shell.kill('SIGTERM')
  // The pipe closes when the last process that holds it has ended.
  await once(shell, 'close')
  expect(text).toBe('waiting\ntidying\n')
})

it('a command told to stop between its steps starts no further one, and says so by its code', async () => {
  const { child, said, ended } = started(
    `try { await must('no', ${node(waiting)}) } finally { console.log('tidied') }
     console.log('next step')`,
  )
  while (!said().includes('waiting')) await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await ended).toEqual({ code: 143, signal: null, text: 'waiting\ntidying\ntidied\n' })
})

it('a command that does the work itself ends by Ctrl-C, as any program', async () => {
  const { child, said, ended } = started(
    `endBySignals(); console.log('waiting'); await new Promise((done) => setTimeout(done, 60_000)); return 0`,
  )
  while (!said().includes('waiting')) await once(child.stdout, 'data')
  child.kill('SIGINT')
  expect(await ended).toEqual({ code: null, signal: 'SIGINT', text: 'waiting\n' })
})

it('tells a person one sentence, after what the quiet program had to say', async () => {
  const failing = node(`console.log('the reason'); process.exit(3)`)
  const { ended } = started(`await must('It did not work.', ${failing}, { quiet: true })`)
  expect(await ended).toEqual({ code: 1, signal: null, text: 'the reason\nIt did not work.\n' })
})

it('a quiet program that works says nothing', async () => {
  const { ended } = started(`await must('no', ${node(`console.log('chatter')`)}, { quiet: true }); return 0`)
  expect(await ended).toEqual({ code: 0, signal: null, text: '' })
})

it('a program that does not exist is a sentence, a fault of ours is a stack', async () => {
  expect((await started(`return run('/nowhere/program', [])`).ended).text).toMatch(
    /^\/nowhere\/program could not be started: .*\n$/,
  )
  const { code, text } = await started(`throw new TypeError('ours')`).ended
  expect(code).toBe(1)
  expect(text).toMatch(/TypeError: ours\n {4}at /)
})

it('goes on to its end without a word when nobody reads any more', async () => {
  const body = `process.stdout.write('first\\n')
    await new Promise((resolve) => process.stdin.once('end', resolve).resume())
    for (let n = 0; n < 3; n += 1) {
      process.stdout.write('x'.repeat(1000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await import('node:fs').then(({ writeSync }) => writeSync(2, 'done'))
    return 5`
  const source = `import { command } from '${children}'\nawait command(async () => { ${body} })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'pipe' })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stdin.end()
  const [code] = await once(child, 'close')
  expect({ code, said }).toEqual({ code: 5, said: 'done' })
})
