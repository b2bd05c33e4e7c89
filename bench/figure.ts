/** One line of the table of measurements. Each is a ratio of two things measured in the same process, so it holds on any machine. */
export interface Figure {
  readonly name: string
  /** What was measured, for people: "2.1 GB/s of 2.3 GB/s". */
  readonly value: string
  readonly ratio: number
  /** What the ratio should be: "at least 0.8". */
  readonly target: string
  readonly ok: boolean
}

export function atLeast(least: number, figure: { name: string; value: string; ratio: number }): Figure {
  return { ...figure, target: `at least ${least}`, ok: figure.ratio >= least }
}

export function atMost(most: number, figure: { name: string; value: string; ratio: number }): Figure {
  return { ...figure, target: `at most ${most}`, ok: figure.ratio <= most }
}
