import { DOMException } from './dom-exception.ts'

const errors: Readonly<Record<string, (message: string) => Error>> = {
  EvalError: (message) => new EvalError(message),
  RangeError: (message) => new RangeError(message),
  ReferenceError: (message) => new ReferenceError(message),
  SyntaxError: (message) => new SyntaxError(message),
  TypeError: (message) => new TypeError(message),
  URIError: (message) => new URIError(message),
}

/** A deep copy, cycles and all, of what the structured clone algorithm takes. Nothing can be transferred. */
export function structuredClone(value: unknown): unknown {
  return copy(value, new Map())
}

function copy(value: unknown, seen: Map<unknown, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw refusal(value)
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value)) return seen.get(value)
  const keep = <T>(made: T): T => {
    seen.set(value, made)
    return made
  }
  if (value instanceof Date) return keep(new Date(value.getTime()))
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags))
  if (value instanceof ArrayBuffer) return keep(value.slice(0))
  if (ArrayBuffer.isView(value)) return copyView(value, seen, keep)
  if (value instanceof Map) {
    const map = keep(new Map())
    for (const [key, item] of [...value]) map.set(copy(key, seen), copy(item, seen))
    return map
  }
  if (value instanceof Set) {
    const set = keep(new Set())
    for (const item of [...value]) set.add(copy(item, seen))
    return set
  }
  if (value instanceof Error) return copyError(value, seen, keep)
  if (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef
  )
    throw refusal(value)
  if (isBoxed(value)) return keep(Object(value.valueOf()))
  const made = keep(Array.isArray(value) ? new Array(value.length) : {})
  for (const key of Object.keys(value)) {
    const item = copy((value as Record<string, unknown>)[key], seen)
    Object.defineProperty(made, key, { value: item, writable: true, enumerable: true, configurable: true })
  }
  return made
}

function copyView(view: ArrayBufferView, seen: Map<unknown, unknown>, keep: <T>(made: T) => T): unknown {
  const buffer = copy(view.buffer, seen) as ArrayBuffer
  if (view instanceof DataView) return keep(new DataView(buffer, view.byteOffset, view.byteLength))
  const typed = view as Uint8Array
  return keep(Reflect.construct(typed.constructor, [buffer, typed.byteOffset, typed.length]))
}

function copyError(error: Error, seen: Map<unknown, unknown>, keep: <T>(made: T) => T): unknown {
  const made = keep((errors[error.name] ?? ((message: string) => new Error(message)))(error.message))
  Object.defineProperty(made, 'stack', { value: error.stack, writable: true, configurable: true })
  if ('cause' in error) {
    const value = copy(error.cause, seen)
    Object.defineProperty(made, 'cause', { value, writable: true, configurable: true })
  }
  return made
}

function isBoxed(value: object): boolean {
  return (
    value instanceof Boolean || value instanceof Number || value instanceof String || value instanceof BigInt
  )
}

function refusal(value: unknown): DOMException {
  const kind = typeof value === 'object' ? 'The object' : `A ${typeof value}`
  return new DOMException(`${kind} could not be cloned`, 'DataCloneError')
}
