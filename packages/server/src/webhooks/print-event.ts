import type { LifecycleEvent } from '@mortise/contract'

/**
 * An event as Python's `json.dumps` prints it: `", "` and `": "` between parts,
 * ASCII only, keys in the order of the contract. Receivers of the `X-SM-*` form
 * may rebuild the body and compare signatures, so every byte counts.
 */
export function printEvent(event: LifecycleEvent): string {
  return printPython(event)
}

/** Any JSON value in that form. */
export function printPython(value: unknown): string {
  if (typeof value === 'string') return printString(value)
  if (typeof value === 'number') return printNumber(value)
  if (Array.isArray(value)) return `[${value.map(printPython).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined)
    return `{${entries.map(([key, each]) => `${printString(key)}: ${printPython(each)}`).join(', ')}}`
  }
  return value === true ? 'true' : value === false ? 'false' : 'null'
}

function printString(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Python changes to exponents below 1e-4, JavaScript below 1e-6, and Python gives them two digits. */
function printNumber(value: number): string {
  const size = Math.abs(value)
  if (size === 0 || size >= 1e-4) return JSON.stringify(value)
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1')
}
