import { parseTokenFile, type RawToken } from '../parse-file.ts'
import { expandSources } from '../resolver.ts'
import type { TokenSource } from '../types.ts'
import { targetOf } from './deprecated-uses.ts'

/** Which tokens follow which, in one context. */
export interface AliasGraph {
  /** Paths that the value of a token names, itself or inside a composite value. */
  targetsOf(path: string): readonly string[]
  /** Paths of the tokens whose values name it. */
  usersOf(path: string): readonly string[]
  /** Whether the value of one token comes, in any number of steps, from another. */
  leadsTo(from: string, to: string): boolean
}

const none: readonly string[] = []
const maxDepth = 16

/**
 * Reads the aliases of token files and resolver documents, later ones over earlier ones.
 *
 * @param input - Context by modifier name, for resolver documents.
 */
export function aliasGraph(
  sources: readonly TokenSource[],
  input: Readonly<Record<string, string>> = {},
): AliasGraph {
  const raws = new Map<string, RawToken>()
  for (const source of expandSources(sources, input).sources) {
    for (const raw of parseTokenFile(source).tokens.values()) raws.set(nameOf(raw.path), raw)
  }
  const targets = new Map<string, readonly string[]>()
  const users = new Map<string, string[]>()
  for (const [path, { value }] of raws) {
    const found = new Set<string>()
    collect(value, found, 0)
    if (found.size > 0) targets.set(path, [...found])
    for (const target of found) {
      const list = users.get(target)
      if (list) list.push(path)
      else users.set(target, [path])
    }
  }
  const targetsOf = (path: string) => targets.get(nameOf(path)) ?? none
  return {
    targetsOf,
    usersOf: (path) => users.get(nameOf(path)) ?? none,
    leadsTo(from, to) {
      const seen = new Set<string>()
      const open = [nameOf(from)]
      for (let path = open.pop(); path !== undefined; path = open.pop()) {
        if (path === nameOf(to)) return true
        if (seen.has(path)) continue
        seen.add(path)
        open.push(...targetsOf(path))
      }
      return false
    },
  }
}

function collect(value: unknown, into: Set<string>, depth: number): void {
  if (depth > maxDepth) return
  const target = targetOf(value)
  if (target !== undefined) into.add(nameOf(target))
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) collect(item, into, depth + 1)
}

function nameOf(path: string): string {
  return path.replace(/\.\$root$/, '')
}
