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
