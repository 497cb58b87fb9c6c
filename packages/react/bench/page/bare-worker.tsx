/** The peer: React over remote-dom in a worker, as its documentation shows it. */
import '@remote-dom/core/polyfill'
import '@remote-dom/react/polyfill'
import { uiComponents } from '@mortise/contract'
import { createRemoteElement, RemoteRootElement } from '@remote-dom/core/elements'

self.onmessage = async ({ data: indexes }: MessageEvent<readonly number[]>) => {
  customElements.define('bench-root', class extends RemoteRootElement {})
  for (const { element, props, events } of Object.values(uiComponents)) {
    const named = (names: object, value: object) =>
      Object.fromEntries(Object.keys(names).map((name) => [name, value]))
    customElements.define(
      element,
      createRemoteElement({ properties: named(props, {}), events: named(events, {}) }),
    )
  }
  const { createElement: h } = await import('react')
  const { createRoot } = await import('react-dom/client')
  for (const index of indexes) {
    const root = document.createElement('bench-root') as RemoteRootElement
    root.connect({
      mutate: (records) => postMessage([index, JSON.parse(JSON.stringify(records))]),
      call() {},
    })
    document.body.append(root)
    createRoot(root).render(
      h(
        'm-stack',
        { direction: 'column', gap: 'sm' },
        h(
          'm-stack',
          { direction: 'row', justify: 'between' },
          h('m-text', { weight: 'medium' }, `Session ${index}`),
          h('m-badge', { tone: 'success' }, 'running'),
        ),
        h('m-text', { tone: 'muted' }, 'Ubuntu desktop'),
        h('m-button', { size: 'sm', onpress() {} }, 'Hibernate'),
      ),
    )
  }
}
