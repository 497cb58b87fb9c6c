/**
 * The least that drawing in a worker can cost: the same React renders the same widgets into a document that
 * keeps nothing and tells nobody.
 */
import '@remote-dom/core/polyfill'
import '@remote-dom/react/polyfill'

self.onmessage = async ({ data: indexes }: MessageEvent<readonly number[]>) => {
  const { createElement: h } = await import('react')
  const { createRoot } = await import('react-dom/client')
  const drawn = indexes.map((index) => {
    const root = document.createElement('div')
    document.body.append(root)
    createRoot(root).render(
      h(
        'm-stack',
        null,
        h('m-stack', null, h('m-text', null, `Session ${index}`), h('m-badge', null, 'running')),
        h('m-text', null, 'Ubuntu desktop'),
        h('m-button', null, 'Hibernate'),
      ),
    )
    return root
  })
  const look = () => {
    if (drawn.every((root) => root.firstChild)) postMessage(indexes.length)
    else setTimeout(look, 5)
  }
  look()
}
