import { type ChildProcess, fork, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { isSigStructure } from './cose.ts'
import type { EngineName, FromChild, ReadRequest, SignRequest, ToChild } from './engine-messages.ts'

/** Signs with the active key, which stays in this process. */
export type SignBytes = (toBeSigned: Uint8Array) => Promise<Uint8Array>

type Answer = Extract<FromChild, { type: 'signed' | 'read' }>

const program = fileURLToPath(new URL('./engine-process.ts', import.meta.url))

/** The child gets no secrets: of the environment only what finds the temporary folder and the C library. */
const inherited = ['TMPDIR', 'TEMP', 'TMP', 'LD_LIBRARY_PATH', 'SystemRoot']

/**
 * One child process that runs one engine, one job at a time. Any fault (a crash, a hang past the time limit, a message
 * out of turn) ends the process; whoever holds it looks at `alive` and starts another.
 */
export class EngineChild {
  readonly #process: ChildProcess
  #busy = false

  private constructor(child: ChildProcess) {
    this.#process = child
    // A failed kill is told by this event, which would end the whole program if nobody listened.
    child.on('error', () => {})
  }

  /** Starts a child and waits until its engine is loaded. Throws Error when it cannot load within `limitMs`. */
  static async start(name: EngineName, limitMs: number): Promise<EngineChild> {
    const env = Object.fromEntries(inherited.map((key) => [key, process.env[key]])) as NodeJS.ProcessEnv
    // A worker thread's own flags do not belong to a new process, so the list is empty, not inherited.
    const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', 'ipc']
    const child = fork(program, [name], { execPath: process.execPath, execArgv: [], env, stdio })
    // A job's timer keeps this process awake while it matters; a resting child must not keep it from ending.
    child.unref()
    child.channel?.unref()
    const answer = await firstAnswer(child, limitMs)
    if (answer.type === 'ready') return new EngineChild(child)
    child.kill('SIGKILL')
    throw new Error(answer.type === 'unavailable' ? answer.reason : 'unexpected first message')
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  get busy(): boolean {
    return this.#busy
  }

  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.connected
  }

  /** Ends the process at once and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.ref()
    this.#process.kill('SIGKILL')
    await gone
  }

  /**
   * Runs one job. Throws AppError `provenance_timeout`, `provenance_crashed` or `provenance_failed`; after the first
   * two the child is dead. `sign` is asked at most once, and only for what a claim's signature covers, so that a child
   * taken over by a hostile file cannot use the key for anything else.
   */
  async run(job: SignRequest | ReadRequest, limitMs: number, sign?: SignBytes): Promise<Answer> {
    this.#busy = true
    try {
      return await this.#converse(job, limitMs, sign)
    } catch (error) {
      if (!(error instanceof RefusedJob)) await this.end()
      throw faultOf(error)
    } finally {
      this.#busy = false
    }
  }

  #converse(job: SignRequest | ReadRequest, limitMs: number, signer?: SignBytes): Promise<Answer> {
    const child = this.#process
    return new Promise<Answer>((resolve, reject) => {
      let sign = signer
      const timer = setTimeout(() => settle(reject, new TimeLimit()), limitMs)
      const onExit = () => settle(reject, new Error('the engine process ended'))
      const onMessage = (message: FromChild) => {
        if (message.type === 'toBeSigned') return void answer(message.base64)
        if (message.type === 'failed') return settle(reject, new RefusedJob(message.reason))
        if (message.type === (job.type === 'sign' ? 'signed' : 'read'))
          return settle(resolve, message as Answer)
        settle(reject, new Error('a message out of turn'))
      }
      const answer = async (base64: string) => {
        const use = sign
        sign = undefined
        const toBeSigned = Buffer.from(base64, 'base64')
        if (!use || !isSigStructure(toBeSigned))
          return settle(reject, new Error('asked to sign something else'))
        const signature = await use(toBeSigned).catch(() => null)
        this.#tell({ type: 'signature', base64: signature && Buffer.from(signature).toString('base64') })
      }
      const settle = <T>(end: (value: T) => void, value: T) => {
        clearTimeout(timer)
        child.off('message', onMessage).off('exit', onExit)
        end(value)
      }
      child.on('message', onMessage).on('exit', onExit)
      this.#tell(job)
    })
  }

  /** A child that is gone is noticed by its exit, not by the failing send. */
  #tell(message: ToChild): void {
    if (this.#process.connected) this.#process.send(message, () => {})
  }
}

async function firstAnswer(child: ChildProcess, limitMs: number): Promise<FromChild> {
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(new TimeLimit()), limitMs)
  const gone = once(child, 'exit', { signal: given.signal }).then(() => {
    throw new Error('the engine process ended while it loaded')
  })
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: given.signal }), gone])
    return message as FromChild
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(timer)
    gone.catch(() => {})
    given.abort()
  }
}

class TimeLimit extends Error {}

/** The engine said no in good order: the file or the key is at fault, the child is fit for the next job. */
class RefusedJob extends Error {}

function faultOf(cause: unknown): AppError {
  if (cause instanceof TimeLimit) {
    const sentence = say('Checking or marking where this file comes from took too long and was stopped.')
    return new AppError('provenance_timeout', sentence, { status: 503, cause })
  }
  if (cause instanceof RefusedJob) {
    const sentence = say('Where this file comes from could not be written into it or read from it.')
    return new AppError('provenance_failed', sentence, { status: 422, cause })
  }
  const sentence = say('The program that marks where files come from stopped unexpectedly. Try again.')
  return new AppError('provenance_crashed', sentence, { status: 503, cause })
}
