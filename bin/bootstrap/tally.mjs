/** Which parts of the tests were asked for, and how many tests passed and failed. */
import { Plain } from './children.mjs'

const PARTS = ['lint', 'unit', 'build', 'e2e']

/** @param {string[]} args what was typed after `npm test --`; nothing means everything */
export function chosenParts(args) {
  const unknown = args.find((arg) => !PARTS.includes(arg))
  if (unknown) throw new Plain(`There is no part "${unknown}": choose from ${PARTS.join(', ')}.`)
  return args.length ? args : PARTS
}

/**
 * The counts of one vitest run. A run that failed without a failed test (a file that did not load, a crash, no test found) counts
 * as one failure, so that the sum is never "0 failed" for a run that was not well.
 * @param {number} code its exit code @param {any} report of its JSON reporter, if it came to that
 */
export function countsOf(code, report) {
  const passed = report?.numPassedTests ?? 0
  const failed = report?.numFailedTests ?? 0
  return { passed, failed: code === 0 && report ? failed : Math.max(failed, 1) }
}

export function addCounts(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed }
}
