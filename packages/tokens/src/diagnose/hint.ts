import { baseTokenPaths } from '../names.ts'
import { aliasPath, find, isObject } from '../parse-file.ts'
import type { Diagnostic } from '../types.ts'

/** What a hint may draw on. */
export interface HintContext {
  /** The document the diagnostic is about. */
  readonly document: unknown
  /** All paths that an alias may point at. */
  readonly paths: Iterable<string>
}

/** What a person can do about a diagnostic, in one sentence, or undefined where the message says all. */
export function hintFor({ code, pointer, message }: Diagnostic, context: HintContext): string | undefined {
  const value = find(context.document, namesOf(pointer))
  switch (code) {
    case 'TOKEN_ALIAS_UNKNOWN': {
      const wanted = aliasPath(value) ?? /\{([^{}]+)\}/.exec(message)?.[1]
      const near = wanted === undefined ? undefined : nearest(wanted, context.paths)
      return near === undefined ? 'Define the token, or write a value here.' : `Did you mean {${near}}?`
    }
    case 'TOKEN_ALIAS_CYCLE':
      return 'Give one of the tokens in the circle a value of its own.'
    case 'TOKEN_UNKNOWN': {
      const path = /has no (.+)\.$/.exec(message)?.[1] ?? ''
      const near = nearest(path, baseTokenPaths)
      return near === undefined
        ? 'Point a role of the base set at it with an alias, or remove it.'
        : `Did you mean ${near}?`
    }
    case 'TOKEN_DEPRECATED':
      return 'Point at the token that took its place.'
    case 'TOKEN_INVALID':
      return invalidHint(pointer, message, value, context.document)
    case 'TOKEN_FILE_INVALID':
      return /not part of the package|no such file/.test(message)
        ? 'Add the file, or correct the path; paths are relative and stay inside the folder.'
        : undefined
    default:
      return code satisfies never
  }
}

function invalidHint(
  pointer: string,
  message: string,
  value: unknown,
  document: unknown,
): string | undefined {
  const names = namesOf(pointer)
  if (pointer.endsWith('/$type')) {
    const token = find(document, names.slice(0, -1))
    const near = typeof value === 'string' ? nearest(value, types) : undefined
    if (near !== undefined) return `Did you mean "${near}"?`
    return isObject(token) ? 'Add "$type" to the token or to a group around it.' : undefined
  }
  if (message.startsWith('Neither a token')) {
    return 'A token is an object with $value: { "$type": "color", "$value": "#336699" }.'
  }
  if (message.startsWith('A token cannot hold'))
    return 'Name the outer token $root, or move the inner one out.'
  if (typeof value === 'string') {
    if (/^[a-z]+$/i.test(value) && message.includes('color'))
      return 'Color names are not part of the format; write #rrggbb.'
    if (/^(rgb|hsl|oklch|oklab|lab|lch|hwb|color)a?\(/i.test(value)) {
      return 'Write the color as { "colorSpace": "oklch", "components": [0.6, 0.1, 250] } or as #rrggbb.'
    }
    if (/^-?[\d.]+(pt|vw|vh|ch|%|dp|sp)$/i.test(value)) return 'Lengths are in px or rem.'
    if (/^-?[\d.]+$/.test(value)) return 'Write numbers without quotes.'
    if (/var\(|url\(|calc\(/i.test(value))
      return 'CSS is not read from tokens; write the value itself, or an alias {group.token}.'
  }
  if (typeof value === 'number' && message.includes('unit')) {
    return `Write { "value": ${value}, "unit": "px" }.`
  }
  if (message.startsWith('Outside '))
    return 'Choose a value in this range: others would hide or cover parts of the page.'
  if (message.startsWith('Only borders')) return 'Set alpha to 1, or mix the color with its background.'
  return undefined
}

const types = [
  'color',
  'dimension',
  'fontFamily',
  'fontWeight',
  'duration',
  'cubicBezier',
  'number',
  'strokeStyle',
  'border',
  'transition',
  'shadow',
  'gradient',
  'typography',
]

/** The candidate that differs in the fewest letters, if it is at all alike. */
function nearest(wanted: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(wanted.length / 4)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue
    const apart = distance(wanted.toLowerCase(), candidate.toLowerCase(), least)
    if (apart < least && candidate !== wanted) [best, least] = [candidate, apart]
  }
  return best
}

function distance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    if (Math.min(...next) >= limit) return limit
    row = next
  }
  return row[b.length]!
}

function namesOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}
