import type { RemoteMutationRecord } from '@remote-dom/core'
import type { WidgetContext } from '../plugin.ts'

/** Takes changes of a widget's tree, by the ids of whoever made it. The root is `~`. */
export type TreeSink = (records: readonly RemoteMutationRecord[]) => void

/** The scripts of a realm are built apart, so a symbol of their own would be another in each. */
const key = Symbol.for('mortise.tree-sink')

/** Lets a renderer that keeps its own tree send it for a widget, past the elements of the realm's document. */
export function offerTreeSink(context: WidgetContext, sink: TreeSink): void {
  // Enumerable, so that a copy of the context that somebody hands on has it too.
  Object.defineProperty(context, key, { value: sink, enumerable: true })
}

/** The same for the root that belongs to the context. */
export function markRoot(root: Element, sink: TreeSink): void {
  Object.defineProperty(root, key, { value: sink })
}

/**
 * The way to the host of a widget. `undefined` where it draws into a document of its own, and where somebody put
 * another root into the context.
 */
export function treeSinkOf(context: WidgetContext): TreeSink | undefined {
  const sink = sinkIn(context)
  // The one of the host is made when it is read, so it is not read here.
  const root: unknown = Object.getOwnPropertyDescriptor(context, 'root')?.value
  return root === undefined || sinkIn(root) === sink ? sink : undefined
}

const sinkIn = (holder: unknown) => (holder as { readonly [key]?: TreeSink } | null)?.[key]
