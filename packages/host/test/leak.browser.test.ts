import type { CDPSession } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

/** Starts one of everything that has to end with its realm. */
const entry = `export default {
  activate({ events, state, permissions }) {
    events.on('note.*', () => {})
    permissions.onDidChange(() => {})
    state.save('kept')
    setInterval(() => {}, 5)
    self.url = URL.createObjectURL(new Blob(['x'.repeat(1000)]))
  },
  widgets: { async main({ root, api, onDidChangeContext, onDidChangeTheme }) {
    onDidChangeContext(() => {})
    onDidChangeTheme(() => {})
    const button = document.createElement(root.ownerDocument === document && root.localName === 'div' ? 'button' : 'm-button')
    button.addEventListener('press', () => {})
    root.append(button)
    await api.notes.list()
    api.notes.list()
  } },
}`

const warmUp = 20
const rounds = 200

interface Metrics {
  readonly heap: number
  readonly nodes: number
  readonly listeners: number
  readonly frames: number
  readonly documents: number
}

async function measure(session: CDPSession): Promise<Metrics> {
  // Twice: what finalizers let go of in the first is collected in the second.
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  return {
    heap: of('JSHeapUsedSize'),
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    frames: of('Frames'),
    documents: of('Documents'),
  }
}

/** Mounts and unmounts the plugin's widget until its realm is gone, again and again. */
async function play(count: number): Promise<void> {
  await tools.page.evaluate(async (times) => {
    for (let round = 0; round < times; round++) {
      await stage.mountAll(['running'])
      stage.publish('note.added', { text: 'x' })
      stage.unmount(0)
      while (document.querySelector('iframe')) await new Promise((resolve) => setTimeout(resolve, 5))
      for (const place of document.querySelectorAll('.place')) place.remove()
      stage.calls.length = 0
      stage.logs.length = 0
    }
  }, count)
}

test.each(['worker', 'frame'] as const)(
  `${rounds} rounds of starting and stopping a %s leave nothing behind`,
  async (surface) => {
    await tools.open([{ id: 'guest', entry, surface, granted: ['read:notes'] }], { idle: 0, load: 60_000 })
    const session = await tools.page.context().newCDPSession(tools.page)
    await session.send('Performance.enable')
    await play(warmUp)
    const before = await measure(session)
    await play(rounds)
    const after = await measure(session)
    console.log(surface, JSON.stringify({ before, after }))
    expect(tools.page.workers()).toEqual([])
    expect(tools.page.frames()).toHaveLength(1)
    expect(after.frames).toBeLessThanOrEqual(before.frames)
    expect(after.documents).toBeLessThanOrEqual(before.documents + 1)
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 20)
    expect(after.listeners).toBeLessThanOrEqual(before.listeners + 5)
    // 5 kB a round would be a port, a mount or a tree that is still held.
    expect(after.heap - before.heap).toBeLessThan(rounds * 5000)
  },
  240_000,
)
