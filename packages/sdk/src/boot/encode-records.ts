/**
 * Turns remote-dom's mutation records into plain data: listeners become ids,
 * and a large tree is cut into parts that fit one call.
 */
import type { RemoteMutationRecord } from '@remote-dom/core'

type Listener = (...args: readonly unknown[]) => unknown
type RemoteNode = Extract<RemoteMutationRecord, { 0: 0 }>[2]

/** Rough bytes of one part: some hundreds of nodes, which a page reads in a few milliseconds. */
const chunkBytes = 100_000
/** Rough bytes of a node without its text. */
const nodeBytes = 200

export interface RecordEncoder {
  /** Lists of records, each fit for one `ui.mutate`. */
  encode(records: readonly RemoteMutationRecord[]): unknown[][]
  /** Calls the listener behind an id. Does nothing where its element is gone. */
  dispatch(listener: number, args: readonly unknown[]): void
}

/** One for all encoders of a realm. */
const collected = new FinalizationRegistry<() => void>((forget) => forget())

export function createRecordEncoder(): RecordEncoder {
  // Held weakly: an element owns its listeners, and both go together.
  const listeners = new Map<number, WeakRef<Listener>>()
  const ids = new WeakMap<Listener, number>()
  let lastId = 0

  const idOf = (listener: unknown): number | null => {
    if (typeof listener !== 'function') return null
    const known = ids.get(listener as Listener)
    if (known !== undefined) return known
    const id = ++lastId
    ids.set(listener as Listener, id)
    listeners.set(id, new WeakRef(listener as Listener))
    collected.register(listener, () => listeners.delete(id))
    return id
  }

  const shallow = (node: RemoteNode) => {
    if (node.type !== 1) return { id: node.id, type: node.type, data: node.data }
    return {
      id: node.id,
      type: node.type,
      element: node.element,
      properties: node.properties && plainProperties(node.properties),
      eventListeners: node.eventListeners && mapValues(node.eventListeners, idOf),
    }
  }

  const whole = (node: RemoteNode): unknown =>
    node.type === 1 ? { ...shallow(node), children: node.children.map(whole) } : shallow(node)

  return {
    encode(records) {
      const chunks: unknown[][] = []
      let chunk: unknown[] = []
      let size = 0
      const push = (record: unknown, bytes: number) => {
        if (size + bytes > chunkBytes && chunk.length > 0) {
          chunks.push(chunk)
          chunk = []
          size = 0
        }
        size += bytes
        chunk.push(record)
      }
      const insert = (parent: string, node: RemoteNode, index: number) => {
        const bytes = sizeOf(node)
        if (bytes <= chunkBytes || node.type !== 1) return push([0, parent, whole(node), index], bytes)
        push([0, parent, { ...shallow(node), children: [] }, index], nodeBytes)
        for (const [at, child] of node.children.entries()) insert(node.id, child, at)
      }
      for (const record of records) {
        switch (record[0]) {
          case 0:
            insert(record[1], record[2], record[3])
            break
          case 1:
            push([1, record[1], record[2]], nodeBytes)
            break
          case 2:
            push([2, record[1], record[2]], nodeBytes + record[2].length)
            break
          case 3: {
            const [, id, name, value, kind = 1] = record
            // Attributes of the host's components do not exist: the table knows properties and events.
            if (kind === 3) push([3, id, name, idOf(value), 3], nodeBytes)
            else if (kind === 1 && typeof value !== 'function')
              push([3, id, name, withoutProtoKeys(value), 1], nodeBytes + weigh(value))
            break
          }
          default:
            record satisfies never
        }
      }
      if (chunk.length > 0) chunks.push(chunk)
      return chunks
    },
    dispatch(id, args) {
      listeners.get(id)?.deref()?.(...args)
    },
  }
}

function plainProperties(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined && typeof value !== 'function') plain[name] = withoutProtoKeys(value)
  }
  return plain
}

/** Levels of a property that are looked at. No component has one that is nested deeper. */
const maxPropertyDepth = 8

/**
 * A property without own keys `__proto__`, which the bridge refuses: what was read from JSON or made of a
 * person's text may have one, and a table should not fail for it.
 */
function withoutProtoKeys(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > maxPropertyDepth) return value
  if (Array.isArray(value)) return value.map((item) => withoutProtoKeys(item, depth + 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const plain: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (key !== '__proto__') plain[key] = withoutProtoKeys(item, depth + 1)
  }
  return plain
}

function mapValues<T>(
  record: Readonly<Record<string, unknown>>,
  map: (value: unknown) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}

function sizeOf(node: RemoteNode): number {
  if (node.type !== 1) return nodeBytes + node.data.length
  let bytes = nodeBytes
  for (const value of Object.values(node.properties ?? {})) bytes += weigh(value)
  for (const child of node.children) bytes += sizeOf(child)
  return bytes
}

function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.length * nodeBytes
  return 0
}
