import { type ComponentShape, componentShapes } from '@mortise/contract'
import { createRemoteElement } from '@remote-dom/core/elements'

/** Defines the custom elements of the component table in this realm, so that plain DOM code can use them. */
export function defineElements(): void {
  for (const { element, props, events } of Object.values<ComponentShape>(componentShapes)) {
    if (customElements.get(element)) continue
    const properties = Object.fromEntries(
      Object.entries(props).map(([name, kind]) => [name, { type: types[kind], default: undefined }]),
    )
    const listeners = Object.fromEntries(events.map((name) => [name, {}]))
    customElements.define(element, createRemoteElement({ properties, events: listeners }))
  }
}

/** How the text of an attribute becomes a property. */
const types = {
  string: String,
  number: Number,
  // Unlike `Boolean`, leaves the property undefined until it is set, so that the host's default holds.
  boolean: { parse: (text: string) => text !== 'false' },
  array: Array,
} as const
