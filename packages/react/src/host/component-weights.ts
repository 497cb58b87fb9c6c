import { type ComponentName, componentsByElement } from '@mortise/contract'
import type { RemoteReceiverNode } from '@remote-dom/core/receivers'

/** About what drawing a component takes, its children apart, in twentieths of a millisecond; 1 for all others. */
const weights: Readonly<Partial<Record<ComponentName, number>>> = {
  Button: 5,
  Switch: 8,
  TextField: 10,
  TextArea: 10,
  Checkbox: 8,
  RadioGroup: 20,
  NumberField: 20,
  DateField: 20,
  Select: 50,
  Menu: 15,
  Tabs: 20,
  Table: 40,
  Chart: 40,
  Code: 10,
  Markdown: 20,
  Dialog: 5,
}

/** The few texts of a component are drawn with it, unless they are long. */
const fewNodes = 8
const longText = 1000
/** Characters that take as long to lay out as a component takes to draw. */
const textPerWeight = 400

/** Weighs the nodes of one list. */
export function weigherOf(nodes: readonly RemoteReceiverNode[]): (node: RemoteReceiverNode) => number {
  const textWeight = nodes.length > fewNodes ? 0.25 : 0
  return (node) => {
    if (node.type === 3 && node.data.length > longText) return node.data.length / textPerWeight
    if (node.type !== 1) return textWeight
    const name = componentsByElement.get(node.element)?.name
    return (name && weights[name]) ?? 1
  }
}
