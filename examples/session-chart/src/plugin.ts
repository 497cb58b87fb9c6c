import type { StreamspaceApi } from '@mortise/domains/streamspace'
import { definePlugin, type WidgetContext } from '@mortise/sdk'
import { drawChart } from './draw-chart.ts'
import { countAt, extendHistory, type History, rangeOf } from './history.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { createView } from './view.ts'

export default definePlugin<StreamspaceApi>({
  widgets: { 'session-chart': mountChart },
})

function mountChart({
  root,
  api,
  events,
  permissions,
  signal,
  onDidChangeTheme,
}: WidgetContext<StreamspaceApi>) {
  const view = createView(root)
  let history: History = new Map()

  const read = oneAtATime(async () => {
    try {
      history = extendHistory(history, await api.sessions.list({ limit: 1000 }))
      paint()
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      if (code === 'PERMISSION_DENIED') view.ask('The chart needs to read sessions.', request)
      else view.say(`Sessions could not be read: ${message}`)
    }
  })

  async function request() {
    if (await permissions.request('read:sessions', 'The chart is drawn from the list of sessions.')) read()
  }

  function paint() {
    if (history.size === 0) return view.say('No sessions yet. The chart starts with the first one.')
    const now = Date.now()
    const range = rangeOf(history, now)
    view.show(countAt(history, now), range.label)
    drawChart(view.canvas, { history, from: now - range.ms, to: now, start: `${range.label} ago` })
  }

  const repaint = () => {
    if (view.canvas.isConnected) paint()
  }
  const size = new ResizeObserver(repaint)
  size.observe(view.canvas)
  // Moving to a screen with another pixel density is a resize of the window.
  addEventListener('resize', repaint, { signal })
  const clock = setInterval(repaint, 30_000)
  const undo = [
    events.on('session.*', read),
    permissions.onDidChange(read),
    onDidChangeTheme(repaint),
    () => size.disconnect(),
    () => clearInterval(clock),
  ]
  read()
  return () => {
    for (const stop of undo) stop()
  }
}
