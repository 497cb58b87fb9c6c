import { type Color, composeTheme, type Token, toDeclarations } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { readForRole } from '@mortise/tokens/import'
import { colorValue, hexOf, type Lch, lchOf, oklch, type Written } from '@mortise/tokens/repair'

/** Whether every screen can show the color. */
export function fitsScreens(lch: Lch): boolean {
  return lchOf(oklch(lch)).c > lch.c - 0.002
}

/** A color as a token file has it. */
export function writeColor(color: Color): Written {
  return { $type: 'color', $value: colorValue(color) }
}

/** A token's value as CSS text; opaque colors as hex. */
export function textOf(token: Token): string {
  if (token.type === 'color' && token.value.alpha === 1) return hexOf(token.value)
  return toDeclarations(new Map([[token.path, token]]))
    .map(([, value]) => value)
    .join(' ')
}

/** The same, short enough for a row. */
export function shortTextOf(token: Token): string {
  if (token.type === 'fontFamily') return token.value[0] ?? ''
  if (token.type === 'shadow') return `${token.value.length} ${token.value.length === 1 ? 'layer' : 'layers'}`
  if (token.type === 'cubicBezier') return token.value.map((n) => Number(n.toFixed(2))).join(', ')
  if (token.type === 'dimension' && token.value.unit !== 'px') {
    return `${Number((token.value.value * 16).toFixed(2))}px`
  }
  return textOf(token)
}

/**
 * Reads CSS text as the value of a token. Everything is parsed by the token
 * engine, and what it would not accept in a theme is refused here.
 */
export function readText(
  { path, type }: { readonly path: string; readonly type: string },
  text: string,
): { readonly value: Written } | { readonly error: string } {
  const none = { error: `This is not a ${typeWords[type] ?? type}.` }
  if (text.length > 500) return none
  const read = readForRole(type === 'color' ? 'color.own' : path, text)
  if (!read) return none
  const value = 'space' in read.value ? writeColor(read.value) : read.value
  const { diagnostics } = composeTheme(baseSource, { document: nest(path, value) })
  const refused = diagnostics.find(({ code }) => code !== 'TOKEN_UNKNOWN')
  return refused ? { error: refused.message } : { value }
}

const typeWords: Readonly<Record<string, string>> = {
  dimension: 'length: write 8px or 0.5rem',
  fontFamily: 'list of font names',
  fontWeight: 'weight from 1 to 1000',
  cubicBezier: 'easing: write ease-out or cubic-bezier(0.2, 0, 0, 1)',
  duration: 'time: write 150ms',
  shadow: 'shadow: write 0 2px 8px rgb(0 0 0 / 0.2)',
}

function nest(path: string, value: Written): unknown {
  return path
    .split('.')
    .reverse()
    .reduce<unknown>((inner, name) => ({ [name]: inner }), value)
}
