// Puts every payload into every property of every component. Which there are is read from the table.
import { payloads } from './payloads.js'

// Made by the test's server from the table.
const { default: shapes } = await import(new URL('component-shapes.js', import.meta.url).href)

/** How a text gets into the properties that are lists. */
const lists = {
  options: (text) => [{ value: text, label: text }],
  columns: (text) => [{ id: 'a', header: text }],
  rows: (text) => [
    { id: 'r', cells: { a: { text, href: text, note: text } } },
    // One of the texts is `__proto__`, which becomes an own key.
    { id: text.slice(0, 60), cells: { a: text, [text]: text } },
  ],
  actions: (text) => [{ id: 'go', label: text }],
  labels: (text) => [text, text],
  series: (text) => [{ name: text, values: [1, 2] }],
}

export default {
  widgets: {
    main({ root }) {
      for (const [name, { element, props }] of Object.entries(shapes)) {
        for (const text of payloads) {
          const node = document.createElement(element)
          for (const [prop, kind] of Object.entries(props)) {
            if (kind === 'array' && !lists[prop]) throw new Error(`No payloads for ${name}.${prop}`)
            if (kind === 'string' || kind === 'number') node[prop] = text
            if (kind === 'array') node[prop] = lists[prop](text)
          }
          // What components of a list need before they draw the rest.
          if (name === 'Table') node.columns = [{ id: 'a', header: text }]
          node.append(text)
          root.append(node)
        }
      }
      const end = document.createElement('m-text')
      end.append('All payloads are drawn.')
      root.append(end)
    },
  },
}
