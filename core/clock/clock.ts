/** The only source of "now". Times are integer milliseconds since 1970 UTC everywhere in the house. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that tests move by hand. */
export interface MovableClock extends Clock {
  advance(ms: number): void
  set(ms: number): void
}

export function movableClock(start = Date.UTC(2026, 10, 21, 12)): MovableClock {
  let now = start
  return {
    now: () => now,
    advance: (ms) => {
      now += ms
    },
    set: (ms) => {
      now = ms
    },
  }
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
