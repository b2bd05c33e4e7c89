import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type Clock, MINUTE, SECOND } from '#core/clock/clock.ts'
import type { Log } from '#core/log/log.ts'

export interface KeptWorker {
  /** Tells it to end, waits for it and kills it after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

const SHORTEST = 0.5 * SECOND
const LONGEST = 30 * SECOND

/** Runs `program` in a process of its own; one that dies is started again, after a pause that grows. */
export function keepWorker(program: string, { log, clock }: { log: Log; clock: Clock }): KeptWorker {
  let child: ChildProcess
  let stopping = false
  let pause = SHORTEST
  const start = () => {
    const began = clock.now()
    child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('exit', (code, signal) => {
      if (stopping) return
      log.error('The worker ended and is started again', { code: code ?? 'none', signal: signal ?? 'none' })
      pause = clock.now() - began > MINUTE ? SHORTEST : Math.min(pause * 2, LONGEST)
      setTimeout(() => {
        if (!stopping) start()
      }, pause).unref()
    })
  }
  start()
  return {
    async stop(graceMs) {
      stopping = true
      // One that a signal ended has no exit code, only the signal's name; its 'exit' has come and comes no more.
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await gone
      clearTimeout(timer)
    },
  }
}
