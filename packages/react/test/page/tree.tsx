import { RemoteReceiver } from '@remote-dom/core/receivers'
import { drawTree } from '../../gallery/draw-tree.ts'
import { RemoteTree } from '../../src/host/remote-tree.tsx'
import { say } from './fixture.ts'

const receiver = new RemoteReceiver()
window.fixture.receiver = receiver
const hostile = '<img src=x onerror="window.stolen = 1">'

const ids = drawTree(receiver, [
  { element: 'm-heading', properties: { level: 1 }, children: [hostile] },
  {
    element: 'm-button',
    properties: {
      variant: 'primary',
      style: { position: 'fixed', inset: 0 },
      className: 'm-frame__bar',
      id: 'root',
      ref: {},
      dangerouslySetInnerHTML: { __html: hostile },
      onClick: 'alert(1)',
    },
    attributes: { style: 'position:fixed', onclick: 'window.stolen = 1', slot: 'icon' },
    on: { press: () => say('press'), click: () => say('click') },
    children: ['Hibernate'],
  },
  { element: 'script', children: ['window.stolen = 1'] },
  { element: 'iframe', attributes: { srcdoc: hostile } },
  { element: 'm-link', properties: { href: 'javascript:window.stolen = 1' }, children: ['Trap'] },
  { element: 'm-link', properties: { href: 'https://example.com/help' }, children: ['Help'] },
  {
    element: 'm-text-field',
    properties: { label: 'Echo', value: '' },
    on: {
      change(value) {
        // A plugin answers a moment later, and in the order it was told.
        setTimeout(() => update('value', value), 60)
      },
    },
  },
  {
    element: 'm-text-field',
    properties: { label: 'Upper', value: '' },
    on: {
      change(value) {
        setTimeout(() => update('value', String(value).toUpperCase(), 7), 10)
      },
    },
  },
  { element: 'm-select', properties: { label: 'Empty' } },
])

function update(name: string, value: unknown, index = 6) {
  receiver.connection.mutate([[3, ids[index]!, name, value, 1]])
}

export function Tree() {
  return (
    <main>
      <RemoteTree receiver={receiver} />
    </main>
  )
}
