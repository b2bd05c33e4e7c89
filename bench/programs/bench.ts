/** Runs one bench, named by the first argument, and tells the process above what it found. */

import { benches } from '../benches.ts'
import type { Row } from '../figure.ts'

export type Told = { rows: Row[] } | { failed: string }

const told = await measured(process.argv[2] ?? '')
// Without the callback the process could end before the message has left it.
process.send?.(told, () => process.exit(0))

async function measured(name: string): Promise<Told> {
  try {
    const bench = await benches[name]?.load()
    return bench ? { rows: await bench() } : { failed: `there is no bench "${name}"` }
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
