import type { RemoteReceiver } from '@remote-dom/core/receivers'

export interface TreeNode {
  readonly element: string
  readonly properties?: Readonly<Record<string, unknown>>
  readonly attributes?: Readonly<Record<string, string>>
  readonly on?: Readonly<Record<string, (...args: unknown[]) => void>>
  readonly children?: readonly (TreeNode | string)[]
}

let lastId = 0

/** Puts nodes into a receiver with the records that a worker sends. */
export function drawTree(receiver: RemoteReceiver, nodes: readonly (TreeNode | string)[]): string[] {
  const trees = nodes.map(serialize)
  receiver.connection.mutate(trees.map((tree, index) => [0, '~', tree, index] as never))
  return trees.map(({ id }) => id)
}

function serialize(node: TreeNode | string): { readonly id: string } {
  const id = `n${++lastId}`
  if (typeof node === 'string') return { id, type: 3, data: node } as { id: string }
  return {
    id,
    type: 1,
    element: node.element,
    properties: { ...node.properties },
    attributes: { ...node.attributes },
    eventListeners: { ...node.on },
    children: (node.children ?? []).map(serialize),
  } as { id: string }
}
