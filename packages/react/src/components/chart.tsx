/** Numbers as lines, bars or areas, drawn as SVG in the theme's chart colors. */
import '../styles/chart.css'
import ChartLine from 'lucide-react/icons/chart-line'
import TableIcon from 'lucide-react/icons/table-2'
import { type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { IconButton } from './button.tsx'
import { ChartMarks } from './chart-marks.tsx'
import { type ChartSeries, chartScale, layoutSeries, spreadLabels } from './chart-scale.ts'

export interface ChartProps {
  readonly type?: 'line' | 'bar' | 'area' | undefined
  /** What the chart shows. */
  readonly label?: string | undefined
  /** One per value, along the line. */
  readonly labels: readonly string[]
  readonly series: readonly ChartSeries[]
  /** Written after each number. */
  readonly unit?: string | undefined
  readonly stacked?: boolean | undefined
  /** CSS pixels; 200 by default. */
  readonly height?: number | undefined
}

const mostPoints = 500
const bottom = 22
const top = 8

/** A chart with its legend, and a table of the same numbers behind a button. */
export function Chart({ label = 'Chart', labels, series, unit, height = 200, ...rest }: ChartProps) {
  const [asTable, setAsTable] = useState(false)
  const count = Math.min(mostPoints, Math.max(0, ...series.map(({ values }) => values.length)))
  const data = {
    labels,
    series,
    unit,
    count,
    height,
    label,
    type: rest.type ?? 'line',
    stacked: rest.stacked ?? false,
  }
  return (
    <figure className="m-chart">
      <figcaption className="m-chart__head">
        <span className="m-chart__label">{label}</span>
        {count > 0 && (
          <IconButton
            size="sm"
            label={asTable ? 'Show as chart' : 'Show as table'}
            icon={asTable ? <ChartLine /> : <TableIcon />}
            onPress={() => setAsTable(!asTable)}
          />
        )}
      </figcaption>
      {count === 0 ? (
        <div className="m-chart__empty" style={{ blockSize: height }}>
          No data
        </div>
      ) : asTable ? (
        <ChartTable {...data} />
      ) : (
        <Plot {...data} />
      )}
      {series.length > 1 && !asTable && count > 0 && (
        <ul className="m-chart__legend">
          {series.map(({ name }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a series is known by its place
            <li key={index} className={`m-chart__key m-chart__series--${index + 1}`}>
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

type Data = Pick<ChartProps, 'labels' | 'series' | 'unit'> & {
  readonly type: 'line' | 'bar' | 'area'
  readonly label: string
  readonly height: number
  readonly stacked: boolean
  readonly count: number
}

function Plot(data: Data) {
  const { type, labels, series, unit, count, height, stacked } = data
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const [at, setAt] = useState<number>()
  const spans = useMemo(() => layoutSeries(series, count, stacked), [series, count, stacked])
  const scale = useMemo(
    () => chartScale(spans, type !== 'line' || stacked, height < 140 ? 2 : 4),
    [spans, type, stacked, height],
  )
  const tickTexts = scale.ticks.map((tick) => formatAxis(tick, unit))
  const start = Math.min(80, 10 + 6.2 * Math.max(...tickTexts.map((text) => text.length)))
  const room = Math.max(1, width - start - 8)
  const band = room / (type === 'bar' ? count : Math.max(1, count - 1))
  const x = (index: number) =>
    start + (type === 'bar' ? band * (index + 0.5) : count === 1 ? room / 2 : band * index)
  const y = (value: number) =>
    top + (height - top - bottom) * (1 - (value - scale.min) / (scale.max - scale.min))
  const longest = Math.min(14, Math.max(1, ...labels.slice(0, count).map((text) => text.length)))
  const move = (event: PointerEvent) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left
    const index = Math.floor((left - start) / band + (type === 'bar' ? 0 : 0.5))
    setAt(Math.max(0, Math.min(count - 1, index)))
  }
  return (
    <div ref={box} className="m-chart__plot" style={{ blockSize: height }} dir="ltr">
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={describe(data)}
          onPointerMove={move}
          onPointerLeave={() => setAt(undefined)}
        >
          {scale.ticks.map((tick, index) => (
            <g key={tick}>
              <line
                className={tick === 0 ? 'm-chart__zero' : 'm-chart__grid'}
                x1={start}
                x2={width - 8}
                y1={y(tick)}
                y2={y(tick)}
              />
              <text className="m-chart__tick" x={start - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                {tickTexts[index]}
              </text>
            </g>
          ))}
          {spreadLabels(Math.min(count, labels.length), Math.floor(room / (longest * 6.6 + 26))).map(
            (index) => (
              <text
                key={index}
                className="m-chart__tick"
                x={x(index)}
                y={height - 6}
                textAnchor={
                  type !== 'bar' && index === 0
                    ? 'start'
                    : index === count - 1 && type !== 'bar'
                      ? 'end'
                      : 'middle'
                }
              >
                {shorten(labels[index] ?? '', 14)}
              </text>
            ),
          )}
          {at !== undefined && type === 'bar' && (
            <rect
              className="m-chart__band"
              x={x(at) - band / 2}
              y={top}
              width={band}
              height={height - top - bottom}
            />
          )}
          <ChartMarks type={type} spans={spans} stacked={stacked} x={x} y={y} band={band} />
          {at !== undefined && type !== 'bar' && (
            <g>
              <line className="m-chart__cursor" x1={x(at)} x2={x(at)} y1={top} y2={height - bottom} />
              {spans.map((values, index) => {
                const span = values[at]
                return (
                  span && (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a series is known by its place
                    <g key={index} className={`m-chart__series--${index + 1}`}>
                      <circle className="m-chart__point" cx={x(at)} cy={y(span[1])} r="3.5" />
                    </g>
                  )
                )
              })}
            </g>
          )}
        </svg>
      )}
      {at !== undefined && (
        <div
          className="m-chart__values"
          aria-hidden="true"
          style={x(at) > width / 2 ? { right: width - x(at) + 10 } : { left: x(at) + 10 }}
        >
          <span className="m-chart__at">{labels[at] ?? at + 1}</span>
          {series.map(({ name, values }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a series is known by its place
            <span key={index} className={`m-chart__value m-chart__series--${index + 1}`}>
              <span className="m-chart__key">{name}</span>
              <span className="m-chart__number">{format(values[at] ?? null, unit)}</span>
            </span>
          ))}
        </div>
      )}
    </div>
  )
}

function ChartTable({ label, labels, series, unit, count, height }: Data) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
    <div className="m-table-box m-chart__table" style={{ maxBlockSize: Math.max(height, 200) }} tabIndex={0}>
      <table className="m-table" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">
              <span className="m-visually-hidden">Label</span>
            </th>
            {series.map(({ name }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a series is known by its place
              <th key={index} scope="col" className="m-table__cell--end">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: count }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a value is known by its place
            <tr key={row}>
              <th scope="row">{labels[row] ?? row + 1}</th>
              {series.map(({ values }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a series is known by its place
                <td key={index} className="m-table__cell--end">
                  {format(values[row] ?? null, unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What the picture says, for those who do not see it. */
function describe({ label, type, series, unit, count }: Data): string {
  const parts = series.map(({ name, values }) => {
    const numbers = values.slice(0, count).filter((value) => value !== null)
    if (numbers.length === 0) return `${name}: no data`
    const last = numbers.at(-1) ?? null
    return `${name}: from ${format(Math.min(...numbers), unit)} to ${format(Math.max(...numbers), unit)}, last ${format(last, unit)}`
  })
  return `${label}, ${type} chart of ${count} values. ${parts.join('; ')}.`
}

const numbers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 })

function format(value: number | null, unit: string | undefined): string {
  if (value === null) return '–'
  return withUnit(numbers.format(value), unit)
}

function formatAxis(value: number, unit: string | undefined): string {
  return withUnit(
    Math.abs(value) >= 10_000 ? compact.format(value) : numbers.format(value),
    unit && shorten(unit, 4),
  )
}

function withUnit(text: string, unit: string | undefined): string {
  return unit ? `${text}${unit === '%' ? '' : ' '}${unit}` : text
}

function shorten(text: string, length: number): string {
  const characters = [...text]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    setWidth(Math.floor(element.clientWidth))
    return () => observer.disconnect()
  }, [box])
  return width
}
