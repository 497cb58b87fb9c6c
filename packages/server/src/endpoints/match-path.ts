/**
 * The parts of an address below `/plugins/<name>`, decoded; `undefined` for one
 * that could mean another place to somebody else: dots, empty parts, hidden separators.
 */
export function splitPath(path: string): readonly string[] | undefined {
  const parts = path.slice(1).split('/')
  const decoded: string[] = []
  for (const [index, part] of parts.entries()) {
    const text = decode(part)
    if (text === undefined || text === '.' || text === '..' || /[/\\\p{Cc}]/u.test(text)) return undefined
    if (text === '' && index < parts.length - 1) return undefined
    decoded.push(text)
  }
  return decoded
}

/**
 * The parameters of a path that fits a pattern, `undefined` for one that does not.
 *
 * @param pattern - Literal parts, `:name` or `*` for one part, and a last `*` for any rest.
 */
export function matchPath(pattern: string, parts: readonly string[]): Record<string, string> | undefined {
  const wanted = pattern.slice(1).split('/')
  const params: Record<string, string> = Object.create(null)
  for (const [index, want] of wanted.entries()) {
    const isLast = index === wanted.length - 1
    if (want === '*' && isLast) {
      if (parts.length < wanted.length) return undefined
      params['*'] = parts.slice(index).join('/')
      return params
    }
    const part = parts[index]
    if (part === undefined) return undefined
    if (want.startsWith(':') && part !== '') params[want.slice(1)] = part
    else if (want !== part && !(want === '*' && part !== '')) return undefined
  }
  return parts.length === wanted.length ? params : undefined
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
