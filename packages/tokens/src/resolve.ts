/**
 * Layers of raw tokens to typed tokens: the last layer that sets a path wins,
 * then aliases are followed through the merged result.
 *
 * A token that cannot be used counts as absent, so what a lower layer says of
 * the same path holds instead: a broken line in a theme leaves the base value.
 */
import {
  aliasPath,
  find,
  isObject,
  own,
  type ParsedFile,
  parseTokenFile,
  pointerNames,
  type RawToken,
} from './parse-file.ts'
import { impliedType, isTokenType, read, ValueError } from './read-value.ts'
import { expandSources } from './resolver.ts'
import type { Diagnostic, Token, TokenSet, TokenSource, TokenType, TokenValues } from './types.ts'

export interface Resolved extends TokenSet {
  /** Paths that an alias pointed at. */
  readonly used: ReadonlySet<string>
}

/** Says why a parsed token may not be used, or undefined when it may. */
export type Accept = (raw: RawToken, token: Token) => string | undefined

/** Longest chain of aliases followed. */
const maxChain = 64
/** Most parts one value may grow to through JSON pointer references. */
const maxParts = 2_000

/**
 * Resolves token files, later ones over earlier ones.
 *
 * @param sources - Token files and resolver documents, in order of precedence.
 * @param input - Context by modifier name, for resolver documents. A modifier
 *   without input takes its default, or its first context.
 */
export function resolveTokens(
  sources: readonly TokenSource[],
  input: Readonly<Record<string, string>> = {},
): TokenSet {
  const expanded = expandSources(sources, input)
  const files = expanded.sources.map(parseTokenFile)
  const { tokens, diagnostics } = resolveLayers(files.map((file) => file.tokens))
  return {
    tokens,
    diagnostics: [...expanded.diagnostics, ...files.flatMap((file) => file.diagnostics), ...diagnostics],
  }
}

/** The same, for layers that are parsed already. */
export function resolveLayers(
  layers: readonly ParsedFile['tokens'][],
  accept: Accept = () => undefined,
): Resolved {
  const candidates = new Map<string, RawToken[]>()
  for (const layer of layers) {
    for (const [path, raw] of layer) {
      const list = candidates.get(path)
      if (list) list.push(raw)
      else candidates.set(path, [raw])
    }
  }
  const settled = new Map<string, Token | undefined>()
  const diagnostics: Diagnostic[] = []
  const used = new Set<string>()
  const inCycle = new Set<RawToken>()
  const trail: RawToken[] = []

  const tokens = new Map<string, Token>()
  for (const path of candidates.keys()) {
    const token = settle(path)
    if (token) tokens.set(path, token)
  }
  return { tokens, diagnostics, used }

  function settle(path: string): Token | undefined {
    if (settled.has(path)) return settled.get(path)
    for (const raw of candidates.get(path)?.toReversed() ?? []) {
      const token = attempt(raw)
      if (token) {
        settled.set(path, token)
        return token
      }
    }
    settled.set(path, undefined)
    return undefined
  }

  function attempt(raw: RawToken): Token | undefined {
    if (inCycle.has(raw)) return undefined
    trail.push(raw)
    try {
      const token = build(raw)
      const refusal = accept(raw, token)
      if (refusal !== undefined) throw new ValueError('/$value', refusal)
      return token
    } catch (error) {
      // The whole circle is left before anything on it is tried again, or a
      // lower layer would be judged while the circle is still on the trail.
      if (error instanceof CycleError && error.head !== raw) throw error
      if (error instanceof ValueError) {
        const pointer = `${raw.pointer}${error.at}`
        diagnostics.push({ code: error.code, pointer, message: error.message, file: raw.file })
      } else if (!(error instanceof CycleError)) throw error
      return undefined
    } finally {
      trail.pop()
    }
  }

  function build(raw: RawToken): Token {
    const { path, description, deprecated, file, pointer } = raw
    const typed = <T extends TokenType>(type: T, value: TokenValues[T]) =>
      ({ path, type, value, description, deprecated, file, pointer }) as unknown as Token

    const value = inline(raw.value, '/$value', { left: maxParts })
    const alias = aliasPath(value)
    if (alias !== undefined) {
      const target = follow(alias, '/$value')
      if (isTokenType(raw.ownType) && raw.ownType !== target.type) {
        throw new ValueError('/$value', `{${alias}} is a ${target.type}, not a ${raw.ownType}.`)
      }
      return typed(target.type, target.value)
    }
    const given = raw.ownType ?? raw.groupType
    const type = given === undefined ? impliedType(value) : given
    if (!isTokenType(type)) {
      throw new ValueError(
        '/$type',
        given === undefined ? 'The token has no $type.' : 'Not a type of the format.',
      )
    }
    if (given === undefined) {
      const message = `The token has no $type; read as ${type}.`
      diagnostics.push({ code: 'TOKEN_INVALID', pointer: `${pointer}/$type`, message, file })
    }
    return typed(type, read(type, value, '/$value', followAs))
  }

  function followAs<T extends TokenType>(type: T, path: string, at: string): TokenValues[T] {
    const target = follow(path, at)
    if (target.type !== type) throw new ValueError(at, `{${path}} is a ${target.type}, not a ${type}.`)
    return target.value as TokenValues[T]
  }

  function follow(name: string, at: string): Token {
    const path = candidates.has(name) ? name : `${name}.$root`
    if (!candidates.has(path)) {
      throw new ValueError(at, `{${name}} does not exist.`, 'TOKEN_ALIAS_UNKNOWN')
    }
    used.add(path)
    const start = trail.findIndex((raw) => raw.path === path)
    if (start >= 0) throw closeCycle(trail.slice(start), at)
    if (trail.length > maxChain) throw new ValueError(at, `Aliases form a chain longer than ${maxChain}.`)
    const token = settle(path)
    if (!token) throw new ValueError(at, `{${name}} cannot be used itself.`, 'TOKEN_ALIAS_UNKNOWN')
    return token
  }

  function closeCycle(circle: readonly RawToken[], at: string): CycleError {
    for (const raw of circle) inCycle.add(raw)
    const last = circle.at(-1)!
    const names = [...circle, circle[0]!].map((raw) => raw.path)
    diagnostics.push({
      code: 'TOKEN_ALIAS_CYCLE',
      pointer: `${last.pointer}${at}`,
      message: `Aliases form a circle: ${names.join(' → ')}.`,
      file: last.file,
    })
    return new CycleError(circle[0]!)
  }

  /** Replaces JSON pointer references: a whole token becomes an alias, part of a value a copy of it. */
  function inline(value: unknown, at: string, parts: { left: number }, depth = 0): unknown {
    if (--parts.left < 0 || depth > 16) throw new ValueError(at, 'References make the value too large.')
    if (Array.isArray(value)) return value.map((item, i) => inline(item, `${at}/${i}`, parts, depth + 1))
    if (!isObject(value)) return value
    const names = pointerNames(own(value, '$ref'))
    if (!names) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, inline(item, `${at}/${key}`, parts, depth + 1)]),
      )
    }
    const cut = names.indexOf('$value')
    const path = (cut < 0 ? names : names.slice(0, cut)).join('.')
    if (cut < 0 || cut === names.length - 1) return `{${path}}`
    const target = candidates.get(path)?.at(-1)
    const part = target && find(target.value, names.slice(cut + 1))
    if (part === undefined)
      throw new ValueError(at, `Nothing at #/${names.join('/')}.`, 'TOKEN_ALIAS_UNKNOWN')
    used.add(path)
    return inline(part, at, parts, depth + 1)
  }
}

class CycleError extends Error {
  readonly head: RawToken
  constructor(head: RawToken) {
    super('cycle')
    this.head = head
  }
}
