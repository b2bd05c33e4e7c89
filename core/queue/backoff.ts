import { MINUTE, SECOND } from '#core/clock/clock.ts'

const FIRST = 2 * SECOND
const LONGEST = 15 * MINUTE

/**
 * How long to wait after the attempt of this number (1, 2, …) failed, in ms: it doubles from 2 s to 15 min, and half of
 * it is chance, so that jobs which failed together do not come back together ("equal jitter", after Marc Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
export function backoffMs(attempt: number, random: () => number): number {
  const whole = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 20))
  return Math.round(whole / 2 + (whole / 2) * random())
}
