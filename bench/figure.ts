/**
 * One line of the table of measurements. Where there is a peer, `ratio` compares two things measured in the same run, so it
 * holds on any machine; where there is a limit, it says how much of the limit was used or reached.
 */
export interface Figure {
  readonly name: string
  /** What was measured, for people: "2.1 GB/s of 2.3 GB/s". */
  readonly value: string
  /** The peer or the limit, where the value does not name it. */
  readonly against?: string
  readonly ratio: number
  /** What the ratio should be: "at least 0.8". */
  readonly target: string
  readonly ok: boolean
}

/** A line that this machine could not fill: it says why, and misses no target. */
export interface NotMeasured {
  readonly name: string
  readonly why: string
  readonly target: string
}

export type Row = Figure | NotMeasured

export function atLeast(
  least: number,
  figure: { name: string; value: string; against?: string; ratio: number },
): Figure {
  return { ...figure, target: `at least ${least}`, ok: figure.ratio >= least }
}

export function atMost(
  most: number,
  figure: { name: string; value: string; against?: string; ratio: number },
): Figure {
  return { ...figure, target: `at most ${most}`, ok: figure.ratio <= most }
}

interface Measured {
  name: string
  measured: number
  unit: string
  /** What else was seen, after the number. */
  beside?: string
}

/** For a number that must stay below a limit. */
export function below(limit: number, { name, measured, unit, beside }: Measured): Figure {
  return {
    ...described(measured, unit, beside),
    name,
    against: `${limit} ${unit}`,
    ratio: measured / limit,
    target: 'below 1',
    ok: measured < limit,
  }
}

/** For a number that must reach a floor. */
export function reaching(floor: number, { name, measured, unit, beside }: Measured): Figure {
  return {
    ...described(measured, unit, beside),
    name,
    against: `${floor} ${unit}`,
    ratio: measured / floor,
    target: 'at least 1',
    ok: measured >= floor,
  }
}

function described(measured: number, unit: string, beside?: string): { value: string } {
  const number = measured < 100 ? Number(measured.toPrecision(3)) : Math.round(measured)
  return { value: `${number} ${unit}${beside ? `; ${beside}` : ''}` }
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5)
}

/** The smallest number that this share of all of them does not exceed. Of none it is NaN. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
