import { countAt, type History } from './history.ts'

export interface Picture {
  readonly history: History
  /** Left and right edge, in milliseconds. */
  readonly from: number
  readonly to: number
  /** What to write under the left edge. */
  readonly start: string
}

const inset = { top: 8, right: 1, bottom: 22, left: 28 }
/** CSS pixels between two samples. */
const step = 2

/** Draws running and sleeping sessions as stacked areas, sharp on every screen, in the theme's colours. */
export function drawChart(canvas: HTMLCanvasElement, { history, from, to, start }: Picture): void {
  const { clientWidth: width, clientHeight: height } = canvas
  const pen = canvas.getContext('2d')
  if (!pen || width === 0) return
  // One canvas pixel for each device pixel; drawing goes on in CSS pixels.
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
  pen.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0)

  const style = getComputedStyle(canvas)
  const token = (name: string) => style.getPropertyValue(`--m-${name}`).trim()
  const plot = { width: width - inset.left - inset.right, height: height - inset.top - inset.bottom }
  const last = Math.max(1, Math.floor(plot.width / step))
  const samples = Array.from({ length: last + 1 }, (_, index) =>
    countAt(history, from + ((to - from) * index) / last),
  )
  const top = niceTop(Math.max(...samples.map(({ running, hibernated }) => running + hibernated)))
  const x = (index: number) => inset.left + (plot.width * index) / last
  const y = (value: number) => inset.top + plot.height * (1 - value / top)

  pen.font = `${token('font-size-xs') || '11px'} ${token('font-family-sans') || 'sans-serif'}`
  pen.textAlign = 'right'
  pen.textBaseline = 'middle'
  for (const value of [0, top / 2, top]) {
    // Half a pixel off the grid, a line of one pixel would be two pale ones.
    const line = Math.round(y(value)) + 0.5
    pen.strokeStyle = token('color-border-subtle')
    pen.beginPath()
    pen.moveTo(inset.left, line)
    pen.lineTo(inset.left + plot.width, line)
    pen.stroke()
    pen.fillStyle = token('color-text-subtle')
    pen.fillText(String(value), inset.left - 6, line)
  }

  const bottom = inset.top + plot.height + 14
  pen.textAlign = 'left'
  pen.fillText(start, inset.left, bottom)
  pen.textAlign = 'right'
  pen.fillText('now', inset.left + plot.width, bottom)

  // Sessions come and go whole, so the edge of an area is made of steps.
  const edge = (value: (index: number) => number) => {
    for (let index = 0; index <= last; index++) {
      if (index > 0) pen.lineTo(x(index), y(value(index - 1)))
      pen.lineTo(x(index), y(value(index)))
    }
  }
  const outline = (value: (index: number) => number) => {
    pen.moveTo(x(0), y(0))
    edge(value)
    pen.lineTo(x(last), y(0))
    pen.closePath()
  }
  const area = (color: string, low: (index: number) => number, high: (index: number) => number) => {
    pen.strokeStyle = pen.fillStyle = color
    pen.beginPath()
    outline(high)
    outline(low)
    pen.globalAlpha = 0.3
    pen.fill('evenodd')
    pen.globalAlpha = 1
    pen.beginPath()
    edge(high)
    pen.lineWidth = 1.5
    pen.stroke()
    pen.lineWidth = 1
  }
  const running = (index: number) => samples[index]!.running
  const all = (index: number) => running(index) + samples[index]!.hibernated
  area(token('color-chart-2'), running, all)
  area(token('color-chart-1'), () => 0, running)
}

/** The next round number that leaves the curve some air, even so that the middle line is whole. */
function niceTop(highest: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, highest)))
  const unit = Math.max(2, highest < 2 * magnitude ? magnitude / 5 : magnitude)
  return Math.ceil((highest + 0.5) / unit) * unit
}
