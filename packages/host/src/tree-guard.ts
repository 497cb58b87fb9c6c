/**
 * Checks every record of a guest's component tree before a renderer sees it.
 *
 * What comes in is data a hostile guest wrote. What goes on holds only elements,
 * properties and events of the component table, each value parsed; an unknown
 * element becomes an empty comment, so that the positions of its siblings stay
 * right. A shadow of the tree is kept to know ids, depth and size.
 */
import {
  type ComponentDefinition,
  componentsByElement,
  type ErrorRecord,
  parse,
  uiLimits,
} from '@mortise/contract'
import type { RemoteMutationRecord } from '@remote-dom/core'
import type { RemoteReceiver } from '@remote-dom/core/receivers'
import { failure } from './probe-entry.ts'
import { awaitTurn, cutRecords } from './tree-pieces.ts'

type RemoteNode = Extract<RemoteMutationRecord, { 0: 0 }>[2]

interface Shadow {
  readonly id: string
  readonly depth: number
  readonly definition: ComponentDefinition | undefined
  /** Only where the node may have children. */
  readonly children: Shadow[] | undefined
  readonly text: boolean
  /** Characters held by the text or by each property. */
  readonly held: Map<string, number>
}

export interface TreeGuardOptions {
  readonly receiver: RemoteReceiver
  /** Sends a person's action to the guest. */
  readonly dispatch: (listener: number, args: readonly unknown[]) => void
  readonly displayName: string
  readonly clock?: () => number
}

const rootId = '~'
const idPattern = /^[\w-]{1,32}$/
const maxText = 10_000
/** Characters one tree may hold in all. */
const maxHeld = 2_000_000
/** A tree may appear at the full rate of its limit; kept up, a renderer could do nothing else. */
const sustained = uiLimits.recordsPerSecond / 10

/** Guards the tree of one mount, from empty to the end of the mount. */
export class TreeGuard {
  readonly #options: TreeGuardOptions
  readonly #clock: () => number
  readonly #nodes = new Map<string, Shadow>()
  #tokens: number = uiLimits.recordsPerSecond
  #refilledAt: number
  #limit: string | undefined
  #closed = false
  #held = 0

  constructor(options: TreeGuardOptions) {
    this.#options = options
    this.#clock = options.clock ?? (() => performance.now())
    this.#refilledAt = this.#clock()
    this.#nodes.set(rootId, {
      id: rootId,
      depth: 0,
      definition: undefined,
      children: [],
      text: false,
      held: new Map(),
    })
  }

  /**
   * Passes on what fits, in pieces where it is much. Answers an error when a cap was passed: the widget has to be
   * stopped. Not before all of it was passed on.
   */
  apply(records: readonly unknown[]): Promise<ErrorRecord | undefined> | ErrorRecord | undefined {
    this.#refill()
    let left = 0
    let finish = (_error: ErrorRecord | undefined) => {}
    for (const piece of cutRecords(records)) {
      left++
      awaitTurn(piece, () => {
        this.#pass(piece.records)
        if (--left === 0) finish(this.#error)
      })
    }
    if (left === 0) return this.#error
    return new Promise((resolve) => {
      finish = resolve
    })
  }

  /** Passes on nothing any more. */
  close(): void {
    this.#closed = true
  }

  get #error(): ErrorRecord | undefined {
    if (this.#limit === undefined) return undefined
    return failure('PAYLOAD_TOO_LARGE', `${this.#options.displayName} was stopped: ${this.#limit}.`)
  }

  #pass(records: readonly unknown[]): void {
    if (this.#closed) return
    const checked: RemoteMutationRecord[] = []
    for (const record of records) {
      this.#take(1)
      const passed = Array.isArray(record) ? this.#check(record) : undefined
      if (this.#limit !== undefined) {
        this.#closed = true
        return
      }
      if (passed) checked.push(passed)
    }
    if (checked.length > 0) this.#options.receiver.connection.mutate(checked)
  }

  #check([type, id, third, fourth, fifth]: readonly unknown[]): RemoteMutationRecord | undefined {
    const node = typeof id === 'string' ? this.#nodes.get(id) : undefined
    if (!node) return undefined
    switch (type) {
      case 0:
        return this.#insert(node, third, fourth)
      case 1:
        return this.#remove(node, third)
      case 2:
        return node.text && typeof third === 'string'
          ? [2, node.id, this.#hold(node, 'data', third.slice(0, maxText))]
          : undefined
      case 3:
        return typeof third === 'string' ? this.#update(node, third, fourth, fifth) : undefined
      default:
        return undefined
    }
  }

  #insert(parent: Shadow, value: unknown, index: unknown): RemoteMutationRecord | undefined {
    if (!parent.children || !isIndex(index) || index > parent.children.length) return undefined
    const added: string[] = []
    const read = this.#readNode(value, parent.depth + 1, added)
    if (!read) {
      for (const id of added) this.#drop(id)
      return undefined
    }
    parent.children.splice(index, 0, read.shadow)
    return [0, parent.id, read.node, index]
  }

  #remove(parent: Shadow, index: unknown): RemoteMutationRecord | undefined {
    if (!parent.children || !isIndex(index) || index >= parent.children.length) return undefined
    const [removed] = parent.children.splice(index, 1)
    if (removed) this.#forget(removed)
    return [1, parent.id, index]
  }

  #update(node: Shadow, name: string, value: unknown, kind: unknown): RemoteMutationRecord | undefined {
    const { definition } = node
    if (!definition) return undefined
    if (kind === 3) {
      if (!Object.hasOwn(definition.events, name)) return undefined
      return [3, node.id, name, this.#listener(definition, name, value), 3]
    }
    if (!Object.hasOwn(definition.props, name)) return undefined
    // A value that does not fit takes the property back to its default.
    return [3, node.id, name, this.#hold(node, name, readProperty(definition, name, value)), 1]
  }

  #readNode(
    value: unknown,
    depth: number,
    added: string[],
  ): { readonly node: RemoteNode; readonly shadow: Shadow } | undefined {
    if (typeof value !== 'object' || value === null) return undefined
    const { id, type, data, element, properties, eventListeners, children } = value as Record<string, unknown>
    if (!this.#mayAdd(depth)) return undefined
    if (typeof id !== 'string' || !idPattern.test(id) || this.#nodes.has(id)) return undefined
    const definition =
      type === 1 && typeof element === 'string' ? componentsByElement.get(element) : undefined
    const text = type === 3 && typeof data === 'string'
    const drawn = definition?.children ? [] : undefined
    const shadow: Shadow = { id, depth, definition, text, children: drawn, held: new Map() }
    this.#nodes.set(id, shadow)
    added.push(id)
    if (text) {
      return { node: { id, type: 3, data: this.#hold(shadow, 'data', data.slice(0, maxText)) }, shadow }
    }
    if (!definition) return { node: { id, type: 8, data: '' }, shadow }
    const nodes: RemoteNode[] = []
    if (shadow.children && Array.isArray(children)) {
      for (const child of children) {
        const read = this.#readNode(child, depth + 1, added)
        if (!read) return undefined
        nodes.push(read.node)
        shadow.children.push(read.shadow)
      }
    }
    const node: RemoteNode = {
      id,
      type: 1,
      element: definition.element,
      properties: this.#readProperties(shadow, definition, properties),
      attributes: {},
      eventListeners: this.#readListeners(definition, eventListeners),
      children: nodes,
    }
    return { node, shadow }
  }

  #readProperties(shadow: Shadow, definition: ComponentDefinition, given: unknown): Record<string, unknown> {
    const properties: Record<string, unknown> = {}
    for (const name of Object.keys(definition.props)) {
      const value = readProperty(definition, name, own(given, name))
      if (value !== undefined) properties[name] = this.#hold(shadow, name, value)
    }
    return properties
  }

  #readListeners(definition: ComponentDefinition, given: unknown): Record<string, () => void> {
    const listeners: Record<string, () => void> = {}
    for (const name of Object.keys(definition.events)) {
      const listener = this.#listener(definition, name, own(given, name))
      if (listener) listeners[name] = listener
    }
    return listeners
  }

  #listener(definition: ComponentDefinition, name: string, id: unknown): (() => void) | undefined {
    const schema = definition.events[name]
    if (!schema || !Number.isSafeInteger(id) || (id as number) < 1) return undefined
    return (...args: unknown[]) => {
      // Renderers hand over what their own events carry; only what the table names goes to the guest.
      const parsed = parse(schema, args)
      if (parsed.ok) this.#options.dispatch(id as number, parsed.value)
    }
  }

  #mayAdd(depth: number): boolean {
    this.#take(1)
    if (depth > uiLimits.depth) this.#limit = `its widget is nested more than ${uiLimits.depth} levels deep`
    if (this.#nodes.size > uiLimits.nodes)
      this.#limit = `its widget has more than ${uiLimits.nodes} components`
    return this.#limit === undefined
  }

  #forget(node: Shadow): void {
    this.#drop(node.id)
    for (const child of node.children ?? []) this.#forget(child)
  }

  #drop(id: string): void {
    for (const characters of this.#nodes.get(id)?.held.values() ?? []) this.#held -= characters
    this.#nodes.delete(id)
  }

  /** Counts what a node holds now in place of what it held before. */
  #hold<T>(node: Shadow, key: string, value: T): T {
    const characters = weigh(value)
    this.#held += characters - (node.held.get(key) ?? 0)
    if (characters > 0) node.held.set(key, characters)
    else node.held.delete(key)
    if (this.#held > maxHeld) this.#limit = `its widget holds more than ${maxHeld} characters`
    return value
  }

  #refill(): void {
    const now = this.#clock()
    const gained = ((now - this.#refilledAt) / 1000) * sustained
    this.#tokens = Math.min(uiLimits.recordsPerSecond, this.#tokens + gained)
    this.#refilledAt = now
  }

  #take(count: number): void {
    this.#tokens -= count
    if (this.#tokens < 0) this.#limit = `its widget changes more than ${sustained} times a second`
  }
}

function readProperty(definition: ComponentDefinition, name: string, value: unknown): unknown {
  const schema = definition.props[name]
  if (!schema || value === undefined || value === null) return undefined
  const parsed = parse(schema, value)
  return parsed.ok ? parsed.value : undefined
}

function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + weigh(item), 0)
  return typeof value === 'object' && value !== null ? weigh(Object.values(value)) : 0
}

function own(given: unknown, name: string): unknown {
  if (typeof given !== 'object' || given === null || !Object.hasOwn(given, name)) return undefined
  return (given as Record<string, unknown>)[name]
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
