/**
 * Walks a value that came out of a structured clone and says how large it is,
 * before anything else looks at it.
 *
 * The clone algorithm keeps shared and circular references, so a small message
 * can unfold into an endless tree. Every value visited is charged, and the walk
 * ends when the budget is spent: its cost is bounded whatever arrives.
 */

/** More than the budget. */
export const tooLarge = -1
/** Holds something that is not data: a port, a blob, an error, or nesting without end. */
export const notPlain = -2
/** Holds an object with an own key `__proto__`. */
export const protoKey = -3

/** Levels of nesting. A component tree at its own depth limit needs two for each level. */
const maxDepth = 512
const valueCost = 8

let left = 0

/** Bytes of a value, or `tooLarge`, `notPlain` or `protoKey`. Plain are JSON values, `undefined`, dates and binary data. */
export function measure(value: unknown, budget: number): number {
  left = budget
  const fault = walk(value, 0)
  return fault < 0 ? fault : budget - left
}

function walk(value: unknown, depth: number): number {
  left -= valueCost
  if (left < 0) return tooLarge
  switch (typeof value) {
    case 'string':
      left -= value.length
      return left < 0 ? tooLarge : 0
    case 'object':
      if (value === null) return 0
      return depth < maxDepth ? walkObject(value, depth + 1) : notPlain
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 0 : notPlain
    default:
      return 0
  }
}

function walkObject(value: object, depth: number): number {
  if (Array.isArray(value)) return walkArray(value, depth)
  if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const key of Object.keys(value)) {
      // An own `__proto__` is harmless here and poison to the first careless copy.
      if (key === '__proto__') return protoKey
      left -= key.length
      const fault = walk((value as Record<string, unknown>)[key], depth)
      if (fault < 0) return fault
    }
    return 0
  }
  if (value instanceof Date) return 0
  if (ArrayBuffer.isView(value)) return charge(value.buffer.byteLength)
  if (value instanceof ArrayBuffer) return charge(value.byteLength)
  return notPlain
}

function walkArray(value: readonly unknown[], depth: number): number {
  // By index: a sparse array claims any length for a few bytes, and each hole has to be charged.
  for (let index = 0; index < value.length; index++) {
    const fault = walk(value[index], depth)
    if (fault < 0) return fault
  }
  return 0
}

function charge(bytes: number): number {
  left -= bytes
  return left < 0 ? tooLarge : 0
}
