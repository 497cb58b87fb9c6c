// One widget that draws as much as a widget may, in the way its context names.
let port
const post = MessagePort.prototype.postMessage
MessagePort.prototype.postMessage = function (...args) {
  if (args[0]?.type === 'APPLY') port = this
  return post.apply(this, args)
}

/** Sends changes by hand, as large as the bridge lets them be. */
function mutate(mount, records) {
  const value = ['ui.mutate', [mount, records]]
  post.call(port, { id: 'tree', type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value }] })
}

const nodes = (count, element) =>
  Array.from({ length: count }, (_, at) => {
    const text = { id: `t${at}`, type: 3, data: 'x' }
    return { id: `n${at}`, type: 1, element, properties: {}, children: [text] }
  })

const ways = {
  /** As an author does it. */
  append(root, count, element) {
    const all = document.createElement('m-stack')
    for (let at = 0; at < count; at++) {
      const node = document.createElement(element)
      node.textContent = 'x'
      all.append(node)
    }
    root.append(all)
  },
  /** Texts of the largest size, until there are as many as a widget may hold. */
  texts(_root, count) {
    const data = 'long text '.repeat(1000)
    for (let from = 0; from < count; from += 50) {
      mutate(
        1,
        Array.from({ length: 50 }, (_, at) => [0, '~', { id: `t${from + at}`, type: 3, data }, 0]),
      )
    }
  },
  /** One record that holds all. */
  whole(_root, count, element) {
    const all = { id: 'all', type: 1, element: 'm-stack', properties: {}, children: nodes(count, element) }
    mutate(1, [[0, '~', all, 0]])
  },
  /** One message of as many records. */
  records(_root, count, element) {
    mutate(
      1,
      nodes(count, element).map((node) => [0, '~', node, 0]),
    )
  },
}

export default {
  widgets: {
    w0({ root, context: { way, count, element }, onDidChangeContext }) {
      root.append(document.createElement('m-divider'))
      onDidChangeContext(() => ways[way](root, count, element))
    },
  },
}
