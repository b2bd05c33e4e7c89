/** Files stay short enough to be read at a sitting. */
import { type Finding, isCode, type Sources } from './findings.ts'

/** Lines a source file may have. */
export const MOST_LINES = 300

/** @param allowed the lines of long-files.txt: paths that may be longer, each followed by its reason */
export function checkLengths(sources: Sources, allowed: string): Finding[] {
  const excused = new Set(allowed.split('\n').flatMap((line) => line.split(/\s/, 1)))
  return [...sources].flatMap(([file, text]) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    if (!isCode(file) || lines <= MOST_LINES || excused.has(file)) return []
    return [
      {
        file,
        says: `${lines} lines, more than ${MOST_LINES}: split it, or excuse it in test/house/long-files.txt`,
      },
    ]
  })
}
