/**
 * Starts other programs for the bootstrap: each is awaited, and SIGINT and SIGTERM are passed on to those that run, so that
 * nothing outlives the command that a person typed.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** A fault that a person can mend: its message is the whole of what they are shown. */
export class Plain extends Error {}

/** Ends a command that was told to stop, by way of every `finally` on the way out. */
class Stopped extends Error {}

const running = new Set()
/** @type {NodeJS.Signals | undefined} the signal that ended us, once there was one */
let stoppedBy
let listening = false

function stop(signal) {
  stoppedBy = signal
  for (const child of running) child.kill(signal)
}

function listen() {
  if (listening) return
  listening = true
  process.on('SIGTERM', stop)
  process.on('SIGINT', () => {
    // A terminal sends Ctrl-C to the whole group, so the children have it already: once more would read as "at once, please".
    if (process.stdin.isTTY) stoppedBy = 'SIGINT'
    else stop('SIGINT')
  })
  // npm passes a signal only to the shell between us, which dies of it without a word: that our parent is gone is the signal.
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop('SIGTERM')
  }, 250)
  watch.unref()
}

/** The exit code that a shell expects of a program that this signal ended. */
export function codeOfSignal(signal) {
  return 128 + (constants.signals[signal] ?? 0)
}

/**
 * Runs a program to its end and answers its exit code (128 + n when signal n ended it).
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean}} [options] quiet: its output is shown only when it fails
 * @returns {Promise<number>}
 */
export function run(command, args, { cwd, env = process.env, quiet = false } = {}) {
  listen()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
    running.add(child)
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    child.on('error', (cause) => {
      running.delete(child)
      reject(new Plain(`${command} could not be started: ${cause.message}`, { cause }))
    })
    child.on('close', (code, signal) => {
      running.delete(child)
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(output))
      resolve(signal ? codeOfSignal(signal) : code)
    })
  })
}

/** Throws when SIGINT or SIGTERM came: called between the steps of a command. */
export function leaveWhenStopped() {
  if (stoppedBy) throw new Stopped()
}

/** Like `run`, for a step that must succeed: throws `Plain` with `sentence` otherwise, and leaves when we were told to stop. */
export async function must(sentence, command, args, options) {
  const code = await run(command, args, options)
  leaveWhenStopped()
  if (code !== 0) throw new Plain(sentence)
}

/** Whoever reads us may have had enough (`fairframe promises | head`): what was begun goes on to its end, unheard. */
function outliveReaders() {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (fault) => {
      if (fault.code !== 'EPIPE') throw fault
    })
}

/** From here on this process itself does the work, and ends by a signal as any program does. */
export function endBySignals() {
  process.removeAllListeners('SIGINT')
  process.removeAllListeners('SIGTERM')
}

/** Runs the body of a command: a `Plain` fault is printed as its sentence, any other as it is; the exit code says which. */
export async function command(body) {
  listen()
  outliveReaders()
  try {
    process.exitCode = await body()
  } catch (fault) {
    process.exitCode = fault instanceof Stopped ? codeOfSignal(stoppedBy) : 1
    if (fault instanceof Stopped) return
    process.stderr.write(`${fault instanceof Plain ? fault.message : fault?.stack}\n`)
  }
}
