import { drawTree } from '../../gallery/draw-tree.ts'
import { createFakeHost, type FakeWidget } from '../../gallery/fake-host.ts'
import './fixture.ts'
import { HostProvider, Slot } from '../../src/host/index.ts'
import { say } from './fixture.ts'

const error = { code: 'REMOTE_UNREACHABLE', name: 'Error', message: 'Answered 404.', retryable: true }
const list: FakeWidget = {
  plugin: { id: 'list', displayName: 'Session list' },
  draw: (receiver) => drawTree(receiver, [{ element: 'm-text', children: ['drawn by a worker'] }]),
}
const widgets: readonly FakeWidget[] = [
  list,
  {
    plugin: { id: 'broken', displayName: 'Broken' },
    widget: { title: 'Deployments' },
    state: { status: 'failed', error },
  },
  {
    plugin: { id: 'chart', displayName: 'Chart' },
    widget: { title: 'Over time', height: 222 },
    surface: 'frame',
    state: { status: 'loading' },
    attach(element) {
      element.append(document.createElement('iframe'))
      say('attached')
    },
  },
  // What the engine never lets through: the boundary has to hold all the same.
  {
    plugin: { id: 'bug', displayName: 'Bug' },
    draw: (receiver) => drawTree(receiver, [{ element: 'm-select', properties: { options: 7 } }]),
  },
  { plugin: { id: 'jail', displayName: 'Jailed', status: 'quarantined', lastError: error } },
]

const host = createFakeHost({}, false)
window.fixture.host = host
window.fixture.step = (name) => {
  if (name === 'ready') host.set({ 'test.main': widgets, 'test.far': [{ plugin: { id: 'far' } }] })
  if (name === 'granted') {
    const permissions = [
      { name: 'read:x', known: true, risk: 'low', sentence: 'Read', decision: 'denied' },
    ] as const
    host.set({ 'test.main': [{ ...list, plugin: { ...list.plugin, permissions } }, ...widgets.slice(1)] })
  }
  if (name === 'gone') host.set({})
}

export function Slots() {
  return (
    <HostProvider host={host}>
      <Slot id="test.main" label="Main" onOpenPlugin={(id, part) => say(`open ${id} ${part}`)} />
      <div style={{ blockSize: 3000 }} />
      <Slot id="test.far" label="Far" empty={null} />
    </HostProvider>
  )
}
