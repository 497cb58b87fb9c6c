import type { Span } from './chart-scale.ts'

export interface ChartMarksProps {
  readonly type: 'line' | 'bar' | 'area'
  readonly spans: readonly (readonly Span[])[]
  readonly stacked: boolean
  /** Middle of a value along the line. */
  readonly x: (index: number) => number
  readonly y: (value: number) => number
  /** Room that one value has along the line. */
  readonly band: number
}

/** What stands for the values: a line, an area under it, or bars. */
export function ChartMarks(props: ChartMarksProps) {
  return props.spans.map((spans, series) => {
    const hue = `m-chart__series m-chart__series--${series + 1}`
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a series is known by its place
      <g key={series} className={hue}>
        {props.type === 'bar' ? (
          <Bars {...props} values={spans} series={series} />
        ) : (
          <Line {...props} values={spans} />
        )}
      </g>
    )
  })
}

type Values = { readonly values: readonly Span[] }

function Line({ type, values, x, y }: ChartMarksProps & Values) {
  return runsOf(values).map((run) => {
    const tops = run.map(([index, span]) => `${round(x(index))} ${round(y(span[1]))}`)
    const bottoms = run.map(([index, span]) => `${round(x(index))} ${round(y(span[0]))}`).reverse()
    const [first] = run
    const key = first?.[0]
    return (
      <g key={key}>
        {type === 'area' && <path className="m-chart__area" d={`M${[...tops, ...bottoms].join('L')}Z`} />}
        {run.length === 1 && first ? (
          <circle className="m-chart__dot" cx={round(x(first[0]))} cy={round(y(first[1][1]))} r="2.5" />
        ) : (
          <path className="m-chart__line" d={`M${tops.join('L')}`} />
        )}
      </g>
    )
  })
}

function Bars({
  values,
  series,
  spans,
  stacked,
  x,
  y,
  band,
}: ChartMarksProps & Values & { readonly series: number }) {
  const room = Math.max(1, Math.min(band * 0.72, 48 * (stacked ? 1 : spans.length)))
  const width = stacked ? room : Math.max(0.5, room / spans.length - (spans.length > 1 ? 1 : 0))
  const offset = stacked ? -room / 2 : -room / 2 + (room / spans.length) * series
  return values.map((span, index) => {
    if (!span) return null
    const top = Math.min(y(span[0]), y(span[1]))
    const height = Math.abs(y(span[0]) - y(span[1]))
    return (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: a value is known by its place
        key={index}
        className="m-chart__bar"
        x={round(x(index) + offset)}
        y={round(top)}
        width={round(width)}
        height={round(Math.max(height, span[1] === span[0] ? 0 : 1))}
        rx={Math.min(2, width / 2)}
      />
    )
  })
}

type Run = readonly (readonly [index: number, span: NonNullable<Span>])[]

/** Values without a gap between them. */
function runsOf(values: readonly Span[]): readonly Run[] {
  const runs: [number, NonNullable<Span>][][] = []
  let open = false
  for (const [index, span] of values.entries()) {
    if (span && open) runs.at(-1)?.push([index, span])
    else if (span) runs.push([[index, span]])
    open = span !== null
  }
  return runs
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
