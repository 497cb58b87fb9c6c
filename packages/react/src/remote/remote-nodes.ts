/**
 * The tree that React draws in a worker: nodes that know nothing but what the host has to be told. There is no
 * document between React and the messages, which is what a widget's first picture costs least with.
 *
 * A change becomes a record when it happens, with the position the node has at that moment. Nodes that are not
 * below the root, or below one that is hidden, are told of once they get there.
 */
import { type ComponentShape, componentShapes } from '@mortise/contract'
import type { RemoteMutationRecord } from '@remote-dom/core'

type RemoteNode = Extract<RemoteMutationRecord, { 0: 0 }>[2]
type Props = Readonly<Record<string, unknown>>
type Callback = (...args: unknown[]) => unknown

interface Shape {
  readonly props: readonly string[]
  readonly events: readonly {
    readonly event: string
    readonly callback: string
    readonly attribute: string
  }[]
}

const shapes = new Map<string, Shape>(
  Object.values<ComponentShape>(componentShapes).map(({ element, props, events }) => [
    element,
    {
      props: Object.keys(props),
      events: events.map((event) => ({
        event,
        callback: `on${event[0]?.toUpperCase()}${event.slice(1)}`,
        attribute: `on${event}`,
      })),
    },
  ]),
)
/** The host draws nothing for an element that it does not know, and wants nothing told about it. */
const unknownShape: Shape = { props: [], events: [] }

let lastId = 0
const nextId = () => `r${++lastId}`

abstract class Child {
  readonly id = nextId()
  parent: Parent | undefined = undefined
  hidden = false
  abstract describe(): RemoteNode
}

/** Text between elements. */
export class RemoteText extends Child {
  text: string

  constructor(text: string) {
    super()
    this.text = text
  }

  setText(text: string): void {
    this.text = text
    rootAbove(this)?.records.push([2, this.id, text])
  }

  describe(): RemoteNode {
    return { id: this.id, type: 3, data: this.text }
  }
}

/** A component of the host. */
export class RemoteElement extends Child {
  readonly children: RemoteChild[] = []
  readonly #element: string
  readonly #shape: Shape
  readonly #listeners = new Map<string, Callback>()
  #props: Props

  constructor(element: string, props: Props) {
    super()
    this.#element = element
    this.#shape = shapes.get(element) ?? unknownShape
    this.#props = props
  }

  setProps(props: Props): void {
    const before = this.#props
    this.#props = props
    const root = rootAbove(this)
    if (!root) return
    for (const name of this.#shape.props) {
      if (before[name] !== props[name]) root.records.push([3, this.id, name, props[name], 1])
    }
    for (const { event, callback, attribute } of this.#shape.events) {
      const listens = isListening(props, callback, attribute)
      if (listens === isListening(before, callback, attribute)) continue
      root.records.push([3, this.id, event, listens ? this.#listenerOf(event, callback, attribute) : null, 3])
    }
  }

  describe(): RemoteNode {
    const properties: Record<string, unknown> = {}
    for (const name of this.#shape.props) {
      const value = this.#props[name]
      if (value !== undefined) properties[name] = value
    }
    const eventListeners: Record<string, Callback> = {}
    for (const { event, callback, attribute } of this.#shape.events) {
      if (isListening(this.#props, callback, attribute)) {
        eventListeners[event] = this.#listenerOf(event, callback, attribute)
      }
    }
    const children: RemoteNode[] = []
    for (const child of this.children) if (!child.hidden) children.push(child.describe())
    return { id: this.id, type: 1, element: this.#element, properties, eventListeners, children }
  }

  /** A new listener would be a message to the host, so there is one that lasts and calls what was given last. */
  #listenerOf(event: string, callback: string, attribute: string): Callback {
    let listener = this.#listeners.get(event)
    if (!listener) {
      listener = (detail) => {
        const given = this.#props[callback]
        // An event without a value has the detail null.
        if (typeof given === 'function') return detail == null ? given() : given(detail)
        const raw = this.#props[attribute]
        if (typeof raw === 'function') raw(new CustomEvent(event, { detail }))
      }
      this.#listeners.set(event, listener)
    }
    return listener
  }
}

/** Where a widget's tree begins. */
export class RemoteRoot {
  readonly id = '~'
  readonly parent = undefined
  readonly hidden = false
  readonly children: RemoteChild[] = []
  /** What the host was not told yet. */
  records: RemoteMutationRecord[] = []
  readonly #send: (records: readonly RemoteMutationRecord[]) => void

  constructor(send: (records: readonly RemoteMutationRecord[]) => void) {
    this.#send = send
  }

  /** Tells the host what changed since the last time. */
  flush(): void {
    const { records } = this
    if (records.length === 0) return
    this.records = []
    this.#send(records)
  }
}

export type RemoteChild = RemoteText | RemoteElement
type Parent = RemoteElement | RemoteRoot

/** Puts a child before another of the same parent, or last. One that has a place already leaves it. */
export function insertChild(parent: Parent, child: RemoteChild, before?: RemoteChild): void {
  if (child.parent) removeChild(child.parent, child)
  const at = before ? parent.children.indexOf(before) : parent.children.length
  parent.children.splice(at, 0, child)
  child.parent = parent
  tellInserted(parent, child, at)
}

/** Puts a child last below a parent that is nowhere yet, so that there is nobody to tell. */
export function addChild(parent: RemoteElement, child: RemoteChild): void {
  parent.children.push(child)
  child.parent = parent
}

export function removeChild(parent: Parent, child: RemoteChild): void {
  const at = parent.children.indexOf(child)
  tellRemoved(parent, child, at)
  parent.children.splice(at, 1)
  child.parent = undefined
}

/** Takes a child out of sight and back, while it keeps its place here. */
export function setHidden(child: RemoteChild, hidden: boolean): void {
  const { parent } = child
  if (child.hidden === hidden) return
  const at = parent?.children.indexOf(child) ?? -1
  if (hidden && parent) tellRemoved(parent, child, at)
  child.hidden = hidden
  if (!hidden && parent) tellInserted(parent, child, at)
}

function tellInserted(parent: Parent, child: RemoteChild, at: number): void {
  if (child.hidden) return
  rootAbove(child)?.records.push([0, parent.id, child.describe(), shownBefore(parent, at)])
}

function tellRemoved(parent: Parent, child: RemoteChild, at: number): void {
  if (child.hidden) return
  rootAbove(child)?.records.push([1, parent.id, shownBefore(parent, at)])
}

/** The host's position of what is at a position here: it does not have what is hidden. */
function shownBefore({ children }: Parent, at: number): number {
  let shown = 0
  for (let index = 0; index < at; index++) if (!children[index]?.hidden) shown++
  return shown
}

/** The root that a node is below, where the host has the node. */
function rootAbove(node: RemoteChild): RemoteRoot | undefined {
  let above: RemoteChild | Parent | undefined = node
  while (above && !(above instanceof RemoteRoot)) above = above.hidden ? undefined : above.parent
  return above
}

function isListening(props: Props, callback: string, attribute: string): boolean {
  return typeof props[callback] === 'function' || typeof props[attribute] === 'function'
}
