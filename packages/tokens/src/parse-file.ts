/**
 * From a token document to a flat list of tokens whose values are still raw.
 *
 * Documents come from strangers. Names go into a `Map` and are never used to
 * walk an object other than through own entries, so `__proto__` is only a name;
 * depth and number of nodes are capped before anything is kept.
 */
import type { Diagnostic, TokenCode, TokenSource } from './types.ts'

/** Limits of one document. */
export const fileLimits = { tokens: 5_000, depth: 32, nameLength: 100 } as const

/** A token as its file has it: value not parsed, aliases not followed. */
export interface RawToken {
  readonly path: string
  readonly value: unknown
  /** `$type` on the token itself. */
  readonly ownType: unknown
  /** `$type` of the nearest group that has one. */
  readonly groupType: unknown
  readonly description: string | undefined
  readonly deprecated: boolean | string
  readonly file: string | undefined
  readonly pointer: string
}

export interface ParsedFile {
  readonly tokens: ReadonlyMap<string, RawToken>
  readonly diagnostics: readonly Diagnostic[]
}

interface Inherited {
  readonly type: unknown
  readonly deprecated: boolean | string
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads an own property, so that inherited names such as `constructor` are absent. */
export function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Flattens a token document: groups, inherited types, `$root` and `$extends` are settled here. */
export function parseTokenFile({ document, file }: TokenSource): ParsedFile {
  const tokens = new Map<string, RawToken>()
  const diagnostics: Diagnostic[] = []
  const report = (code: TokenCode, pointer: string, message: string) =>
    void diagnostics.push({ code, pointer, message, file })

  if (!isObject(document)) {
    report('TOKEN_FILE_INVALID', '', 'A token file holds one JSON object.')
    return { tokens, diagnostics }
  }
  const root = document
  const extending = new Set<unknown>()
  let budget = fileLimits.tokens * 4
  let full = false

  walkGroup(root, [], '', { type: undefined, deprecated: false })
  return { tokens, diagnostics }

  function walkGroup(
    group: Record<string, unknown>,
    path: readonly string[],
    pointer: string,
    parent: Inherited,
  ): void {
    if (path.length > fileLimits.depth) {
      report('TOKEN_FILE_INVALID', pointer, `Groups are nested deeper than ${fileLimits.depth}.`)
      return
    }
    const base = own(group, '$extends') === undefined ? undefined : extended(group, pointer)
    const inherited: Inherited = {
      type: own(group, '$type') ?? (base && own(base, '$type')) ?? parent.type,
      deprecated: deprecation(group) ?? parent.deprecated,
    }
    if (base) {
      extending.add(group)
      walkGroup(base, path, pointer, inherited)
      extending.delete(group)
    }
    for (const [name, child] of Object.entries(group)) {
      if (full) return
      if (--budget < 0) {
        full = true
        report(
          'TOKEN_FILE_INVALID',
          pointer,
          `The file has more than ${fileLimits.tokens} tokens and groups.`,
        )
        return
      }
      if (name.startsWith('$') && name !== '$root') continue
      const at = `${pointer}/${escapeSegment(name)}`
      if (!isObject(child)) report('TOKEN_INVALID', at, 'Neither a token nor a group.')
      else if (!isName(name)) report('TOKEN_INVALID', at, nameRule)
      else if (Object.hasOwn(child, '$value') || isReference(child)) {
        addToken(child, [...path, name], at, inherited)
      } else if (name === '$root') report('TOKEN_INVALID', at, 'A $root token needs a $value.')
      else walkGroup(child, [...path, name], at, inherited)
    }
  }

  function addToken(token: Record<string, unknown>, path: string[], pointer: string, group: Inherited): void {
    if (tokens.size >= fileLimits.tokens) {
      full = true
      report('TOKEN_FILE_INVALID', pointer, `The file has more than ${fileLimits.tokens} tokens.`)
      return
    }
    for (const name of Object.keys(token)) {
      if (!name.startsWith('$')) {
        report('TOKEN_INVALID', `${pointer}/${escapeSegment(name)}`, 'A token cannot hold other tokens.')
      }
    }
    const description = own(token, '$description')
    tokens.set(path.join('.'), {
      path: path.join('.'),
      value: Object.hasOwn(token, '$value') ? token.$value : { $ref: token.$ref },
      ownType: own(token, '$type'),
      groupType: group.type,
      description: typeof description === 'string' ? description : undefined,
      deprecated: deprecation(token) ?? group.deprecated,
      file,
      pointer,
    })
  }

  function extended(group: Record<string, unknown>, pointer: string): Record<string, unknown> | undefined {
    const names = groupReference(own(group, '$extends'))
    const target = names && find(root, names)
    const at = `${pointer}/$extends`
    if (!isObject(target)) report('TOKEN_ALIAS_UNKNOWN', at, 'No group of this name to extend.')
    else if (target === group || extending.has(target)) {
      report('TOKEN_ALIAS_CYCLE', at, `The group extends itself: ${names?.join('.')}.`)
    } else return target
    return undefined
  }
}

/** The path an alias names (`{a.b}`), or undefined for anything else. */
export function aliasPath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 2_000) return undefined
  return /^\{([^{}]+)\}$/.exec(value.trim())?.[1]
}

/** Splits the fragment of a JSON pointer reference (`#/a/b`) into names. */
export function pointerNames(ref: unknown): string[] | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#/') || ref.length > 2_000) return undefined
  return ref
    .slice(2)
    .split('/')
    .map((name) => decode(name).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Walks own properties along names. */
export function find(root: unknown, names: readonly string[]): unknown {
  let at = root
  for (const name of names) {
    if (Array.isArray(at) && /^\d+$/.test(name)) at = at[Number(name)]
    else if (isObject(at)) at = own(at, name)
    else return undefined
  }
  return at
}

const nameRule =
  'A name is 1 to 100 characters without braces, dots, control characters or a leading dollar sign.'

function isName(name: string): boolean {
  return (
    name === '$root' || (name.length <= fileLimits.nameLength && /^[^${}.\p{C}][^{}.\p{C}]*$/u.test(name))
  )
}

function isReference(node: Record<string, unknown>): boolean {
  return typeof own(node, '$ref') === 'string'
}

function groupReference(value: unknown): string[] | undefined {
  return aliasPath(value)?.split('.') ?? pointerNames(value)
}

function deprecation(node: Record<string, unknown>): boolean | string | undefined {
  const value = own(node, '$deprecated')
  return typeof value === 'boolean' || typeof value === 'string' ? value : undefined
}

function escapeSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
