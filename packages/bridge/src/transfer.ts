/**
 * Buffers that a message hands over instead of copying. Only `ArrayBuffer`: every other transferable is a way
 * to talk past the guard.
 */

const handedOver = new WeakMap<object, readonly ArrayBuffer[]>()
/** Nearly every guest never transfers anything: none of its calls is looked at. */
let isUsed = false

/**
 * Marks buffers inside a value to be handed over with the next call, or answer, that the value is an argument or the
 * result of. They are empty afterwards. Answers the value.
 *
 * @throws INPUT_INVALID for anything but an `ArrayBuffer`, and for one that is named twice or was handed over before.
 */
export function transfer<T extends object>(value: T, buffers: readonly ArrayBuffer[]): T {
  const named = new Set<unknown>()
  for (const buffer of buffers) {
    if (!(buffer instanceof ArrayBuffer)) throw refused('Only an ArrayBuffer can be transferred')
    if (buffer.detached) throw refused('A buffer was transferred before and is empty')
    if (named.has(buffer)) throw refused('A buffer is named twice')
    named.add(buffer)
  }
  isUsed = true
  handedOver.set(value, [...buffers])
  return value
}

/** Buffers to hand over with values. */
export function buffersIn(values: () => readonly unknown[]): ArrayBuffer[] {
  if (!isUsed) return []
  // A map knows nothing of values that are no objects, whatever its type says.
  return values().flatMap((value) => handedOver.get(value as object) ?? [])
}

/** Not a `MortiseError`: with its table of codes the guest's end would be half as large again. */
function refused(message: string): Error {
  const fields = { code: 'INPUT_INVALID', name: 'MortiseError', retryable: false }
  return Object.assign(new Error(`${message}; copy it, or make a new one.`), fields)
}
