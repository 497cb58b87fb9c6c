/** Values of one series; `null` where there is none. */
export interface ChartSeries {
  readonly name: string
  readonly values: readonly (number | null)[]
}

export interface Scale {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
}

/** From and to of each value along the value axis: bars and areas begin where the last one ended. */
export type Span = readonly [from: number, to: number] | null

/**
 * Where each value is drawn. Stacked, positive values pile up and negative ones
 * pile down; otherwise each begins at zero.
 */
export function layoutSeries(series: readonly ChartSeries[], count: number, stacked: boolean): Span[][] {
  const up = new Array<number>(count).fill(0)
  const down = new Array<number>(count).fill(0)
  return series.map(({ values }) =>
    Array.from({ length: count }, (_, index): Span => {
      const value = values[index] ?? null
      if (value === null) return null
      if (!stacked) return [0, value]
      const pile = value < 0 ? down : up
      const from = pile[index] ?? 0
      pile[index] = from + value
      return [from, from + value]
    }),
  )
}

/** An axis with round numbers that holds all spans. Bars and areas stand on zero. */
export function chartScale(spans: readonly (readonly Span[])[], fromZero: boolean, wanted = 4): Scale {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const row of spans) {
    for (const span of row) {
      if (!span) continue
      min = Math.min(min, fromZero ? span[0] : span[1], span[1])
      max = Math.max(max, span[1])
    }
  }
  if (min > max) [min, max] = [0, 1]
  // A line that hardly moves far above zero would look flat next to it; others are honest with it.
  if (fromZero || (min > 0 && min < max * 0.6)) min = Math.min(min, 0)
  if (fromZero) max = Math.max(max, 0)
  if (min === max) [min, max] = min === 0 ? [0, 1] : [Math.min(min, 0), Math.max(max, 0)]
  const step = roundStep((max - min) / wanted)
  const first = Math.floor(min / step)
  const last = Math.ceil(max / step)
  const ticks = Array.from({ length: Math.min(last - first, 20) + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
  return { min: ticks[0] ?? min, max: ticks.at(-1) ?? max, ticks }
}

/** 1, 2, 2.5 or 5 times a power of ten, at least as large as asked. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const share = rough / power
  const nice = [1, 2, 2.5, 5, 10].find((step) => share <= step * 1.0000001) ?? 10
  return nice * power
}

/** Indexes of labels that fit next to each other, evenly spread, the first one always. */
export function spreadLabels(count: number, fits: number): readonly number[] {
  if (count === 0) return []
  const every = Math.max(1, Math.ceil(count / Math.max(1, fits)))
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every)
}
