import { deltaE } from '../color/convert.ts'
import { printToken } from '../print-value.ts'
import { resolveTokens } from '../resolve.ts'
import { modifierContexts } from '../resolver.ts'
import type { Token, TokenSource } from '../types.ts'

/** A token that differs between two versions, in some of their permutations. */
export interface TokenChange {
  readonly path: string
  /** The value as CSS; undefined where the version has no such token. */
  readonly before: string | undefined
  readonly after: string | undefined
  /** ΔE OK, where both are colors. */
  readonly deltaE: number | undefined
  /** Context by modifier, for each permutation in which it differs like this. */
  readonly contexts: readonly Readonly<Record<string, string>>[]
}

export interface SourceDiff {
  readonly added: readonly TokenChange[]
  readonly removed: readonly TokenChange[]
  /** Another value or another type. */
  readonly changed: readonly TokenChange[]
  /** Deprecated in the version after and not in the one before, with the reason if there is one. */
  readonly deprecated: readonly { readonly path: string; readonly reason: string | undefined }[]
}

export interface DiffOptions {
  /** Most permutations compared. Default 64. */
  readonly permutations?: number | undefined
}

/** Compares two versions of a token file or resolver document, value by value in every permutation. */
export function diffSources(
  before: TokenSource,
  after: TokenSource,
  { permutations = 64 }: DiffOptions = {},
): SourceDiff {
  const added = new Map<string, Change>()
  const removed = new Map<string, Change>()
  const changed = new Map<string, Change>()
  const deprecated = new Map<string, string | undefined>()
  for (const input of sharedPermutations(before, after, permutations)) {
    const old = resolveTokens([before], input).tokens
    const now = resolveTokens([after], input).tokens
    for (const [path, token] of now) {
      const known = old.get(path)
      if (!known) note(added, path, undefined, token, input)
      else if (textOf(known) !== textOf(token)) note(changed, path, known, token, input)
      if (token.deprecated !== false && !known?.deprecated) {
        deprecated.set(path, typeof token.deprecated === 'string' ? token.deprecated : undefined)
      }
    }
    for (const [path, token] of old) if (!now.has(path)) note(removed, path, token, undefined, input)
  }
  return {
    added: [...added.values()],
    removed: [...removed.values()],
    changed: [...changed.values()].toSorted((a, b) => (b.deltaE ?? 0) - (a.deltaE ?? 0)),
    deprecated: [...deprecated].map(([path, reason]) => ({ path, reason })),
  }
}

type Change = TokenChange & { readonly contexts: Readonly<Record<string, string>>[] }

function note(
  into: Map<string, Change>,
  path: string,
  old: Token | undefined,
  now: Token | undefined,
  input: Readonly<Record<string, string>>,
): void {
  const before = old && textOf(old)
  const after = now && textOf(now)
  const key = JSON.stringify([path, before, after])
  const known = into.get(key)
  if (known) known.contexts.push(input)
  else {
    const apart = old?.type === 'color' && now?.type === 'color' ? deltaE(old.value, now.value) : undefined
    into.set(key, { path, before, after, deltaE: apart, contexts: [input] })
  }
}

/** Value and type as text. */
function textOf(token: Token): string {
  return printToken(token)
    .map(([suffix, value]) => (suffix ? `${suffix.slice(1)}: ${value}` : value))
    .join('; ')
}

/** Every choice of contexts that either version has, capped. */
function sharedPermutations(a: TokenSource, b: TokenSource, most: number): Record<string, string>[] {
  const axes = new Map<string, Set<string>>()
  for (const { document } of [a, b]) {
    for (const [name, contexts] of modifierContexts(document)) {
      axes.set(name, new Set([...(axes.get(name) ?? []), ...contexts]))
    }
  }
  let inputs: Record<string, string>[] = [{}]
  for (const [name, contexts] of axes) {
    inputs = inputs
      .flatMap((input) => [...contexts].map((context) => ({ ...input, [name]: context })))
      .slice(0, most)
  }
  return inputs
}
