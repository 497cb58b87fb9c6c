/**
 * Parses JSON text from a guest.
 *
 * Keys named `__proto__` are left out: they are plain data here, but code that
 * copies fields by assignment would turn them into a prototype.
 *
 * @throws SyntaxError
 */
export function parseGuestJson(text: string): unknown {
  // An escape could spell the name too, so any escape takes the slow way.
  const isSuspicious = text.includes('__proto__') || text.includes('\\u')
  return isSuspicious ? JSON.parse(text, dropPrototype) : JSON.parse(text)
}

function dropPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

/** Fields of a JSON object that a guest sent; no fields when it is anything else. */
export function readGuestRecord(text: string | undefined): Record<string, unknown> {
  try {
    const value = parseGuestJson(text ?? '')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const mostNames = 500
const longestName = 200

/** Strings of a list that a guest sent, as many and as long as names may be. */
export function readGuestNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  return value.filter((name) => typeof name === 'string' && name.length <= longestName).slice(0, mostNames)
}
