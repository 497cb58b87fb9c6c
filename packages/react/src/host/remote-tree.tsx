/**
 * Draws the tree that a worker widget keeps in a `RemoteReceiver`.
 *
 * The tree is a stranger's data. Its properties were parsed by the engine
 * before they reached the receiver; here only names of the component table are
 * read, so no property of a stranger's choice becomes a React prop (`ref`,
 * `dangerouslySetInnerHTML`, `style`), and an unknown element draws nothing.
 */
import { componentsByElement } from '@mortise/contract'
import type { RemoteReceiver, RemoteReceiverElement, RemoteReceiverNode } from '@remote-dom/core/receivers'
import { memo, type ReactNode, useCallback, useState, useSyncExternalStore } from 'react'
import { weigherOf } from './component-weights.ts'
import { CurrentAllowance, DrawAllowance, usePaced } from './draw-pace.ts'
import { beforeNextPaint, forgetNextPaint } from './next-frame.ts'
import { remoteComponents, remoteStructures } from './remote-components.tsx'
import type { RemoteComponentProps, RemotePart } from './remote-props.ts'

export interface RemoteTreeProps {
  readonly receiver: RemoteReceiver
}

/** Everything below the root of a receiver. */
export function RemoteTree({ receiver }: RemoteTreeProps) {
  useVersion(receiver, receiver.root)
  const [allowance] = useState(() => new DrawAllowance())
  return (
    <CurrentAllowance.Provider value={allowance}>
      <RemoteChildren receiver={receiver} nodes={receiver.root.children} />
    </CurrentAllowance.Provider>
  )
}

/** Whether a receiver has anything to draw. */
export function useHasContent(receiver: RemoteReceiver | undefined): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!receiver) return () => {}
      return subscribeTo(receiver, receiver.root, listener)
    },
    [receiver],
  )
  return useSyncExternalStore(subscribe, () => (receiver?.root.children.length ?? 0) > 0)
}

interface RemoteChildrenProps extends RemoteTreeProps {
  readonly nodes: readonly RemoteReceiverNode[]
}

function RemoteChildren({ receiver, nodes }: RemoteChildrenProps): ReactNode {
  return usePaced(nodes, weigherOf(nodes)).map((node) => {
    if (node.type === 1) return <RemoteElement key={node.id} receiver={receiver} node={node} />
    if (node.type === 3) return <RemoteText key={node.id} receiver={receiver} node={node} />
    return null
  })
}

interface RemoteNodeProps extends RemoteTreeProps {
  readonly node: RemoteReceiverNode
}

const RemoteText = memo(function RemoteText({ receiver, node }: RemoteNodeProps) {
  useVersion(receiver, node)
  const current = receiver.get(node) ?? node
  return current.type === 3 ? current.data : null
})

const RemoteElement = memo(function RemoteElement({ receiver, node }: RemoteNodeProps) {
  useVersion(receiver, node)
  const current = receiver.get(node) ?? node
  if (current.type !== 1) return null
  const definition = componentsByElement.get(current.element)
  if (!definition) return null
  const Structure = remoteStructures[definition.name]
  if (Structure) return <RemoteStructure receiver={receiver} node={current} Structure={Structure} />
  const Component = remoteComponents[definition.name]
  if (!Component) return null
  return (
    <Component {...readProps(current)}>
      {definition.children && current.children.length > 0 && (
        <RemoteChildren receiver={receiver} nodes={current.children} />
      )}
    </Component>
  )
})

interface RemoteStructureProps extends RemoteTreeProps {
  readonly node: RemoteReceiverElement
  readonly Structure: NonNullable<(typeof remoteStructures)['Tabs']>
}

/** A component whose children are its data: drawn again when one of them changes. */
function RemoteStructure({ receiver, node, Structure }: RemoteStructureProps) {
  const { children } = node
  const ids = children.map(({ id }) => id).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list changes in place, its ids say when
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = children.map((child) => subscribeTo(receiver, child, listener))
      return () => {
        for (const end of ends) end()
      }
    },
    [receiver, ids],
  )
  useSyncExternalStore(subscribe, () =>
    children.reduce((sum, child) => sum + (receiver.get(child)?.version ?? 0), 0),
  )
  const parts = children.flatMap((child): RemotePart[] => {
    const current = receiver.get(child) ?? child
    const definition = current.type === 1 ? componentsByElement.get(current.element) : undefined
    if (current.type !== 1 || !definition) return []
    const content = definition.children && <RemoteChildren receiver={receiver} nodes={current.children} />
    return [{ key: current.id, name: definition.name, props: readProps(current), content }]
  })
  return <Structure {...readProps(node)} parts={parts} />
}

/** The properties and listeners that the component table names, under the names React components have. */
export function readProps(node: RemoteReceiverElement): RemoteComponentProps {
  const definition = componentsByElement.get(node.element)
  const props: Record<string, unknown> = {}
  for (const name of Object.keys(definition?.props ?? {})) {
    if (Object.hasOwn(node.properties, name)) props[name] = node.properties[name]
  }
  for (const name of Object.keys(definition?.events ?? {})) {
    const listener = Object.hasOwn(node.eventListeners, name) ? node.eventListeners[name] : undefined
    if (typeof listener === 'function') {
      props[`on${name[0]?.toUpperCase()}${name.slice(1)}`] = (...args: unknown[]) => void listener(...args)
    }
  }
  return props
}

type AnyNode = RemoteReceiverNode | RemoteReceiver['root']

/** Draws again when a node changes. Nodes change in place, so the version is what is compared. */
function useVersion(receiver: RemoteReceiver, node: AnyNode): void {
  const { id } = node
  const subscribe = useCallback(
    (listener: () => void) => subscribeTo(receiver, { id } as AnyNode, listener),
    [receiver, id],
  )
  useSyncExternalStore(subscribe, () => receiver.get<AnyNode>({ id } as AnyNode)?.version ?? -1)
}

function subscribeTo(receiver: RemoteReceiver, node: AnyNode, listener: () => void): () => void {
  let end = () => {}
  // All of a signal that the receiver asks for. A real one takes longer to make and abort than the rest of a component.
  const signal = { addEventListener: (_type: string, onAbort: () => void) => (end = onAbort) }
  receiver.subscribe(node, () => beforeNextPaint(listener), { signal: signal as unknown as AbortSignal })
  return () => {
    end()
    forgetNextPaint(listener)
  }
}
