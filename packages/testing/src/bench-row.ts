/** One measured case of `npm run bench`. */
export interface BenchRow {
  readonly suite: string
  readonly case: string
  readonly peer: string
  /** Ours divided by the peer's, from the same run. */
  readonly ratio: number
  readonly median: number
  readonly min: number
  readonly max: number
  readonly unit: string
}

/** The middle value. Not a number where there is none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Median and range of what was measured. */
export function spread(values: readonly number[]): Pick<BenchRow, 'median' | 'min' | 'max'> {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** The middle of the ratios of each round, whose two sides met the same machine. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)))
}
