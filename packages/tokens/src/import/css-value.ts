/** CSS text of a value to a token: everything is parsed into numbers and known words, nothing is kept as text. */
import { type CssNode, generate, parse } from 'css-tree'
import { parseCssColor } from '../color/convert.ts'
import { colorValue, type Written } from '../repair/patch-source.ts'
import type { Color } from '../types.ts'

/** A color in any notation of CSS Color 4, or bare HSL channels (`222 84% 5%`). */
export function readColor(text: string): { readonly color: Color; readonly channels: boolean } | undefined {
  if (text.length > 200) return undefined
  const plain = parseCssColor(text)
  if (plain) return { color: plain, channels: false }
  const bare = /^(-?[\d.]+)(?:deg)?[\s,]+([\d.]+)%[\s,]+([\d.]+)%(?:\s*\/\s*([\d.]+%?))?$/.exec(text.trim())
  if (!bare) return undefined
  const [, h, s, l, alpha] = bare
  const color = parseCssColor(`hsl(${h} ${s}% ${l}%${alpha ? ` / ${alpha}` : ''})`)
  return color && { color, channels: true }
}

/** A length, `0` included. */
export function readLength(text: string): Written | undefined {
  const match = /^(-?(?:\d+\.?\d*|\.\d+))(px|rem|em)?$/.exec(text.trim())
  if (!match || (match[2] === undefined && Number(match[1]) !== 0)) return undefined
  return { $type: 'dimension', $value: { value: Number(match[1]), unit: match[2] ?? 'px' } }
}

export function readDuration(text: string): Written | undefined {
  const match = /^((?:\d+\.?\d*|\.\d+))(ms|s)$/.exec(text.trim())
  return match ? { $type: 'duration', $value: { value: Number(match[1]), unit: match[2] } } : undefined
}

export function readNumber(text: string, type: 'number' | 'fontWeight' = 'number'): Written | undefined {
  return /^-?(?:\d+\.?\d*|\.\d+)$/.test(text.trim()) ? { $type: type, $value: Number(text) } : undefined
}

/** A list of font family names; names with other marks than the format of themes allows are left out. */
export function readFontFamily(text: string): Written | undefined {
  const names = text
    .split(',')
    .map((name) => name.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((name) => /^[\p{L}\p{N}_-][\p{L}\p{N} ._-]{0,63}$/u.test(name))
  return names.length > 0 ? { $type: 'fontFamily', $value: names.slice(0, 16) } : undefined
}

/** `cubic-bezier()` or one of the words for one. */
export function readEasing(text: string): Written | undefined {
  const words: Readonly<Record<string, readonly number[]>> = {
    linear: [0, 0, 1, 1],
    ease: [0.25, 0.1, 0.25, 1],
    'ease-in': [0.42, 0, 1, 1],
    'ease-out': [0, 0, 0.58, 1],
    'ease-in-out': [0.42, 0, 0.58, 1],
  }
  const word = text.trim().toLowerCase()
  const match = /^cubic-bezier\(([^()]*)\)$/.exec(word)
  const numbers = match
    ? match[1]!.split(',').map(Number)
    : Object.hasOwn(words, word)
      ? words[word]
      : undefined
  if (numbers?.length !== 4 || numbers.some(Number.isNaN)) return undefined
  return { $type: 'cubicBezier', $value: numbers }
}

/** The value of `box-shadow`. */
export function readShadow(text: string): Written | undefined {
  if (text.length > 2_000 || text.trim() === 'none') return undefined
  let root: CssNode
  try {
    root = parse(text, { context: 'value' })
  } catch {
    return undefined
  }
  if (root.type !== 'Value') return undefined
  const layers: CssNode[][] = [[]]
  for (const node of root.children) {
    if (node.type === 'Operator' && node.value === ',') layers.push([])
    else layers.at(-1)!.push(node)
  }
  const read = layers.map(readLayer)
  return read.every((layer) => layer !== undefined) ? { $type: 'shadow', $value: read } : undefined
}

function readLayer(nodes: readonly CssNode[]): Record<string, unknown> | undefined {
  const lengths: unknown[] = []
  let color: Color | undefined
  let inset = false
  for (const node of nodes) {
    if (node.type === 'Identifier' && node.name === 'inset') inset = true
    else if (node.type === 'Dimension' || node.type === 'Number') {
      const length = readLength(generate(node))
      if (!length) return undefined
      lengths.push(length.$value)
    } else color = parseCssColor(generate(node))
  }
  const [offsetX, offsetY, blur, spread] = lengths
  if (!color || offsetX === undefined || offsetY === undefined) return undefined
  const zero = { value: 0, unit: 'px' }
  return { color: colorValue(color), offsetX, offsetY, blur: blur ?? zero, spread: spread ?? zero, inset }
}

/** Reads CSS text as a role needs it: the type follows from the path. */
export function readForRole(
  path: string,
  text: string,
): { value: Written | Color; channels: boolean } | undefined {
  const plain = (value: Written | undefined) => value && { value, channels: false }
  if (path.startsWith('color.')) {
    const read = readColor(text)
    return read && { value: read.color, channels: read.channels }
  }
  if (path.startsWith('font.family.')) return plain(readFontFamily(text))
  if (path.startsWith('font.weight.')) return plain(readNumber(text, 'fontWeight'))
  if (path.startsWith('font.lineHeight.')) return plain(readNumber(text))
  if (path.startsWith('duration.')) return plain(readDuration(text))
  if (path.startsWith('easing.')) return plain(readEasing(text))
  if (path.startsWith('shadow.')) return plain(readShadow(text))
  return plain(readLength(text))
}
