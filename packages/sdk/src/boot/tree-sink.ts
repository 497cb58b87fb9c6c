import type { RemoteMutationRecord } from '@remote-dom/core'

/** Takes changes of a widget's tree, by the ids of whoever made it. The root is `~`. */
export type TreeSink = (records: readonly RemoteMutationRecord[]) => void

/** The scripts of a realm are built apart, so a symbol of their own would be another in each. */
const key = Symbol.for('mortise.tree-sink')

/** Lets a renderer that keeps its own tree send it for a widget, past the elements of the realm's document. */
export function offerTreeSink(root: Element, sink: TreeSink): void {
  Object.defineProperty(root, key, { value: sink })
}

/** The way to the host of the widget with this root. `undefined` where it draws into a document of its own. */
export function treeSinkOf(root: Element): TreeSink | undefined {
  return (root as { readonly [key]?: TreeSink })[key]
}
