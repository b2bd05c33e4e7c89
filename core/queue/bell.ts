/** By this, what waits in this process is woken. */
export class Bell {
  readonly #waiting = new Set<() => void>()

  ring(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  /** Answers when the bell rings (true), when `ms` have passed or when `signal` aborts (false). */
  wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const end = (rung: boolean) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', aborted)
        this.#waiting.delete(wake)
        resolve(rung)
      }
      const wake = () => end(true)
      const aborted = () => end(false)
      const timer = setTimeout(end, ms, false)
      signal.addEventListener('abort', aborted)
      this.#waiting.add(wake)
    })
  }
}
