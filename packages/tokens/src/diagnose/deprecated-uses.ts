import { aliasPath, type ParsedFile, pointerNames, type RawToken } from '../parse-file.ts'
import type { Diagnostic } from '../types.ts'

/** Aliases that point at deprecated tokens, from tokens that are not deprecated themselves. */
export function deprecatedUses(files: readonly ParsedFile['tokens'][]): Diagnostic[] {
  const deprecated = new Map<string, RawToken>()
  for (const tokens of files) {
    for (const [path, token] of tokens) {
      if (token.deprecated !== false) deprecated.set(path.replace(/\.\$root$/, ''), token)
    }
  }
  if (deprecated.size === 0) return []
  const found: Diagnostic[] = []
  for (const tokens of files) {
    for (const token of tokens.values())
      if (token.deprecated === false) look(token, token.value, '/$value', 0)
  }
  return found

  function look(token: RawToken, value: unknown, at: string, depth: number): void {
    if (depth > 16) return
    const path = targetOf(value)
    const target = path === undefined ? undefined : deprecated.get(path)
    if (target) {
      const reason = typeof target.deprecated === 'string' ? ` ${target.deprecated}` : ''
      found.push({
        code: 'TOKEN_DEPRECATED',
        pointer: `${token.pointer}${at}`,
        message: `{${path}} is deprecated.${reason}`,
        file: token.file,
      })
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) look(token, item, `${at}/${name}`, depth + 1)
    }
  }
}

/** The path that a value names as an alias or JSON pointer reference. */
export function targetOf(value: unknown): string | undefined {
  const ref = typeof value === 'object' && value !== null && Object.hasOwn(value, '$ref') ? value : undefined
  const names = ref && pointerNames((ref as { $ref: unknown }).$ref)
  const path =
    aliasPath(value) ??
    names?.slice(0, names.includes('$value') ? names.indexOf('$value') : undefined).join('.')
  return path?.replace(/\.\$root$/, '')
}
