/**
 * Runs ffmpeg and ffprobe as child processes with bounds: wall time, CPU time, memory, size of what they write. They
 * get an argument array (never a shell), may open only files and pipes, run at low priority, and do not outlive an abort.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { resolve } from 'node:path'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

/** Where the programs are. `prlimit` (util-linux) bounds memory and file size in the kernel; without it only `-max_alloc` does. */
export interface MediaTools {
  ffmpeg: string
  ffprobe: string
  prlimit?: string
}

export interface RunOptions {
  /** Aborting ends the child; the promise then rejects with the signal's reason once the child is gone. */
  signal?: AbortSignal
  /** Wall time in ms. */
  timeoutMs?: number
  /** Address space in bytes. */
  memoryBytes?: number
  /** The file that is written, and how large it may become. */
  output?: { path: string; maxBytes: number }
  /** How much may come out of stdout, in bytes. */
  maxStdoutBytes?: number
  /** What to feed to stdin (`-i pipe:0`). The next piece is asked for when the one before is gone, so its bytes may be reused. */
  stdin?: AsyncIterable<Uint8Array>
}

const MB = 1024 * 1024
const GRACE_MS = 1500
const STDERR_TAIL = 4000

/** What the C library says of ENOSPC in the locale the tools run in. */
const noSpaceLeft = 'No space left on device'

/** A path as an ffmpeg address: absolute, so that no name is taken for an option or for another protocol. */
export function fileAddress(path: string): string {
  return `file:${resolve(path)}`
}

/**
 * Runs one of the tools and returns its stdout. Rejects with AppError `ffmpeg_missing`, `media_timeout`, `storage_full` (of the
 * disk that is written to) or `media_failed`; the tail of stderr is in the cause only, for it may name files.
 */
export async function runMedia(
  tools: MediaTools,
  tool: 'ffmpeg' | 'ffprobe',
  args: readonly string[],
  options: RunOptions = {},
): Promise<Buffer> {
  options.signal?.throwIfAborted()
  const timeoutMs = options.timeoutMs ?? 120_000
  const child = start(tools, tool, args, options, timeoutMs)
  const stderr = tailOf(child)
  const out = collect(child, options.maxStdoutBytes ?? 64 * MB)

  let ending: 'timeout' | 'aborted' | undefined
  const end = (why: 'timeout' | 'aborted') => {
    ending ??= why
    stop(child)
  }
  const onAbort = () => end('aborted')
  options.signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => end('timeout'), timeoutMs)

  try {
    const closed = settled(child)
    const fed = options.stdin ? feed(child, options.stdin) : Promise.resolve(undefined)
    // A producer that throws must end the child too, or both would wait for each other.
    fed.then((failure) => failure && stop(child))
    const [result, failure] = await Promise.all([closed, fed])
    if (ending === 'aborted') throw options.signal?.reason
    if (ending === 'timeout') throw timeout(stderr())
    if (failure) throw failure.error
    if (result.error) throw result.error.code === 'ENOENT' ? missing(result.error) : failed(result.error)
    // Met while it closes its file, ffmpeg may say so and end with 0 all the same.
    if (stderr().includes(noSpaceLeft)) throw noRoom(stderr())
    if (result.code !== 0)
      throw failed(new Error(`${tool} ended with ${result.code ?? result.signal}: ${stderr()}`))
    if (out.overflow) throw failed(new Error(`${tool} wrote more to stdout than it may`))
    await checkSize(options.output)
    return Buffer.concat(out.chunks)
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
    stop(child)
  }
}

function start(
  tools: MediaTools,
  tool: 'ffmpeg' | 'ffprobe',
  args: readonly string[],
  options: RunOptions,
  timeoutMs: number,
): ChildProcess {
  const memory = options.memoryBytes ?? 2048 * MB
  const common = ['-hide_banner', '-v', 'error', '-max_alloc', String(Math.min(memory, 1024 * MB))]
  // The whitelist belongs to an input, not to the run: it has to be said before each of them.
  const guarded = args.flatMap((arg) => (arg === '-i' ? ['-protocol_whitelist', 'file,pipe', '-i'] : [arg]))
  const full = [...common, ...(tool === 'ffmpeg' ? ['-nostdin', '-y'] : []), ...guarded]
  const limits = [
    `--as=${memory}`,
    `--cpu=${Math.ceil(timeoutMs / 1000) * 8}`,
    '--core=0',
    ...(options.output ? [`--fsize=${options.output.maxBytes}`] : []),
  ]
  const [command, argv] = tools.prlimit
    ? [tools.prlimit, [...limits, '--', tools[tool], ...full]]
    : [tools[tool], full]
  const child = spawn(command, argv, {
    stdio: [options.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    // Nothing of the service's environment (keys, addresses) is the tool's business.
    env: { NODE_ENV: 'production', PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    windowsHide: true,
  })
  if (child.pid !== undefined) lowerPriority(child.pid)
  return child
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, 10)
  } catch {
    // It may have ended already, and some sandboxes refuse: the work is right at any priority.
  }
}

function stop(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.stdin?.destroy()
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  child.once('close', () => clearTimeout(timer))
}

interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  error?: NodeJS.ErrnoException
}

function settled(child: ChildProcess): Promise<Ending> {
  return new Promise((done) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) done({ code: null, signal: null, error })
    })
    child.once('close', (code, signal) => done({ code, signal }))
  })
}

/** Writes the pieces one by one. What the producer threw comes back as a value; a pipe the child closed is no failure of ours. */
async function feed(
  child: ChildProcess,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ error: unknown } | undefined> {
  const stdin = child.stdin
  if (!stdin) return undefined
  const closed = once(stdin, 'close').catch(() => undefined)
  stdin.on('error', () => undefined)
  try {
    for await (const piece of pieces) {
      if (stdin.destroyed) break
      await Promise.race([new Promise((taken) => stdin.write(piece, taken)), closed])
    }
    return undefined
  } catch (error) {
    return { error }
  } finally {
    stdin.end()
  }
}

function tailOf(child: ChildProcess): () => string {
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL)
  })
  return () => tail.trim()
}

function collect(child: ChildProcess, max: number): { chunks: Buffer[]; overflow: boolean } {
  const collected = { chunks: [] as Buffer[], overflow: false }
  let size = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= max) collected.chunks.push(chunk)
    else if (!collected.overflow) {
      collected.overflow = true
      stop(child)
    }
  })
  return collected
}

async function checkSize(output: RunOptions['output']): Promise<void> {
  if (!output) return
  const { size } = await stat(output.path)
  if (size > output.maxBytes) throw failed(new Error(`the output has ${size} bytes, more than it may`))
}

function missing(cause: unknown): AppError {
  return new AppError(
    'ffmpeg_missing',
    say('This service cannot work on videos now: the program ffmpeg is not installed.'),
    { status: 503, cause },
  )
}

function timeout(cause: string): AppError {
  return new AppError('media_timeout', say('Working on this file took too long and was stopped.'), {
    status: 422,
    cause,
  })
}

function noRoom(cause: string): AppError {
  return new AppError('storage_full', say('There is no room left to work on this file.'), {
    status: 507,
    cause,
  })
}

function failed(cause: unknown): AppError {
  return new AppError('media_failed', say('This file could not be read or made.'), { status: 422, cause })
}
