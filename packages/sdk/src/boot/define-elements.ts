import { type ComponentDefinition, type Schema, uiComponents } from '@mortise/contract'
import { createRemoteElement } from '@remote-dom/core/elements'

/** Defines the custom elements of the component table in this realm, so that plain DOM code can use them. */
export function defineElements(): void {
  for (const definition of Object.values<ComponentDefinition>(uiComponents)) {
    const { element, props, events } = definition
    if (customElements.get(element)) continue
    const properties = Object.fromEntries(
      Object.entries(props).map(([name, schema]) => [
        name,
        { type: attributeType(schema), default: undefined },
      ]),
    )
    const listeners = Object.fromEntries(Object.keys(events).map((name) => [name, {}]))
    customElements.define(element, createRemoteElement({ properties, events: listeners }))
  }
}

/** Unlike `Boolean`, leaves the property undefined until it is set, so that the host's default holds. */
const flag = { parse: (text: string) => text !== 'false' }

/** How the text of an attribute becomes a property. */
function attributeType(schema: Schema) {
  switch (schema.type) {
    case 'boolean':
      return flag
    case 'number':
      return Number
    case 'array':
      return Array
    case 'picklist':
      // Of numbers, such as the level of a heading.
      return (schema as unknown as { options: readonly unknown[] }).options.every(
        (option) => typeof option === 'number',
      )
        ? Number
        : String
    default:
      return String
  }
}
