/**
 * What these pin: a log that every user of the machine can read; a line that outlives its promised days because the file
 * is younger than its first line; a sweep that removes what is not a log, or today's file; a link planted where a log goes.
 */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DAY, HOUR, movableClock } from '#core/clock/clock.ts'
import { logFile, oldestLog, pruneLogs } from './files.ts'
import { createLog } from './log.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logs-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

test('each day has its own file, which only its owner can read', () => {
  const clock = movableClock(Date.UTC(2026, 10, 21, 23, 59))
  const file = logFile(join(dir, 'inner'), 30, clock)
  const log = createLog({ level: 'info', destination: file, clock })
  log.info('before midnight')
  clock.advance(HOUR)
  log.info('after midnight')
  file.close()
  const first = join(dir, 'inner', 'fairframe-2026-11-21.log')
  expect(readFileSync(first, 'utf8')).toContain('before midnight')
  expect(readFileSync(join(dir, 'inner', 'fairframe-2026-11-22.log'), 'utf8')).toContain('after midnight')
  expect(statSync(first).mode & 0o777).toBe(0o600)
  expect(statSync(join(dir, 'inner')).mode & 0o777).toBe(0o700)
})

test('a file that somebody opened to all is closed to them again, and appended to', () => {
  const clock = movableClock()
  const path = join(dir, 'fairframe-2026-11-21.log')
  writeFileSync(path, 'first\n')
  chmodSync(path, 0o644)
  const file = logFile(dir, 1, clock)
  file.write('second\n')
  file.close()
  expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('no line outlives its days, and nothing else is removed', () => {
  const clock = movableClock()
  const file = logFile(dir, 3, clock)
  const start = clock.now()
  for (const days of [0, 1, 2, 3, 4, 5]) {
    clock.set(start + days * DAY)
    file.write('line\n')
  }
  file.close()
  writeFileSync(join(dir, 'fairframe-2020-01-01.log.gz'), '')
  writeFileSync(join(dir, 'notes.txt'), '')
  writeFileSync(join(dir, 'fairframe-2020-99-99.log'), '')
  expect(oldestLog(dir)).toBe(Date.UTC(2020, 0, 1))
  expect(pruneLogs(dir, 3 * DAY, clock)).toEqual({ removed: 1 })
  expect(readdirSync(dir).sort()).toEqual(
    ['24', '25', '26']
      .map((day) => `fairframe-2026-11-${day}.log`)
      .concat('notes.txt', 'fairframe-2020-99-99.log')
      .sort(),
  )
  expect(oldestLog(dir)).toBeGreaterThanOrEqual(clock.now() - 3 * DAY)
})

test("today's file stays, and a retention of less than a day is refused", () => {
  const clock = movableClock()
  const file = logFile(dir, 1, clock)
  file.write('now\n')
  file.close()
  expect(pruneLogs(dir, DAY, clock)).toEqual({ removed: 0 })
  expect(() => pruneLogs(dir, HOUR, clock)).toThrow(RangeError)
  expect(() => pruneLogs(dir, Number.NaN, clock)).toThrow(RangeError)
  expect(() => logFile(dir, 0, clock)).toThrow(RangeError)
})

test('a link planted in its place is not followed: the line goes to standard error', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'fairframe-2026-11-21.log'))
  logFile(dir, 1, movableClock()).write('line\n')
  expect(stderr).toHaveBeenCalledWith('line\n')
  expect(existsSync(join(dir, 'elsewhere'))).toBe(false)
  stderr.mockRestore()
})
