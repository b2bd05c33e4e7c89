/** The end of a process by a fault that nothing caught. */
import type { Log } from './log.ts'

/**
 * From now on, an error or a refused promise that nobody catches goes to the log, scrubbed, and ends the process with 1. Left
 * to itself Node prints the whole error to standard error, with whatever a driver hung on it: PostgreSQL's `detail` quotes
 * the row. `who` begins the sentence that standard error gets instead: 'The web server'.
 */
export function endOnFaults(log: Log, who: string): void {
  const end = (kind: string) => (reason: unknown) => {
    try {
      // What is thrown without being an error may be anything at all, a prompt too.
      log.fatal('A fault that nothing caught ends this process', {
        kind,
        error: reason instanceof Error ? reason : `a value that is no error (${typeof reason})`,
      })
      process.stderr.write(
        `${who} ended by a fault of its own. Its log, in the folder logs of DATA_DIR, says where.\n`,
      )
    } finally {
      process.exit(1)
    }
  }
  process.on('uncaughtException', end('uncaught exception'))
  process.on('unhandledRejection', end('unhandled rejection'))
  // Whoever read our output may be gone (`npm start | head`), which is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}
