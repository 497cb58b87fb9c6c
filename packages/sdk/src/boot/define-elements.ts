import { type ComponentShape, componentShapes } from '@mortise/contract'
import { createRemoteElement } from '@remote-dom/core/elements'

/**
 * Gives this realm the custom elements of the component table, so that plain DOM code can use them. Each is made when
 * somebody asks for it: most widgets use few, and those that React draws none.
 */
export function defineElements(): void {
  const known = new Map(Object.values<ComponentShape>(componentShapes).map((shape) => [shape.element, shape]))
  const define = customElements.define.bind(customElements)
  const make = (name: string) => {
    const shape = known.get(name)
    known.delete(name)
    if (shape) define(name, elementOf(shape))
  }
  for (const method of ['define', 'get', 'whenDefined'] as const) {
    const ask = customElements[method].bind(customElements) as (...args: unknown[]) => unknown
    Object.defineProperty(customElements, method, {
      value: (name: string, ...rest: unknown[]) => {
        make(name)
        return ask(name, ...rest)
      },
    })
  }
}

function elementOf({ props, events }: ComponentShape): CustomElementConstructor {
  const properties = Object.fromEntries(
    Object.entries(props).map(([name, kind]) => [name, { type: types[kind], default: undefined }]),
  )
  return createRemoteElement({ properties, events: Object.fromEntries(events.map((name) => [name, {}])) })
}

/** How the text of an attribute becomes a property. */
const types = {
  string: String,
  number: Number,
  // Unlike `Boolean`, leaves the property undefined until it is set, so that the host's default holds.
  boolean: { parse: (text: string) => text !== 'false' },
  array: Array,
} as const
