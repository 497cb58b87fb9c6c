import { hexOf } from '../color/convert.ts'
import { toSrgb } from '../contrast.ts'
import { colorValue } from '../repair/patch-source.ts'
import type { Theme } from '../theme.ts'
import type { Color, Dimension, Token } from '../types.ts'
import { colorContexts } from './contexts.ts'

/**
 * Token files as design tools take them, by file name: one for each context,
 * no aliases, colors in sRGB with `hex`, lengths in px.
 */
export function exportFigma(theme: Theme): Record<string, string> {
  return Object.fromEntries(
    colorContexts(theme).map(([name, context]) => [
      `${name}.tokens.json`,
      `${JSON.stringify(documentOf(theme.resolve(context)), null, 2)}\n`,
    ]),
  )
}

function documentOf(tokens: ReadonlyMap<string, Token>): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const token of tokens.values()) {
    let at = document
    for (const name of token.path.split('.')) {
      if (!Object.hasOwn(at, name)) at[name] = {}
      at = at[name] as Record<string, unknown>
    }
    const { description, deprecated } = token
    Object.assign(at, {
      $type: token.type,
      $value: figmaValue(token),
      ...(description === undefined ? {} : { $description: description }),
      ...(deprecated === false ? {} : { $deprecated: deprecated }),
    })
  }
  return document
}

function figmaValue(token: Token): unknown {
  switch (token.type) {
    case 'color':
      return srgb(token.value)
    case 'dimension':
      return pixels(token.value)
    case 'shadow':
      return token.value.map(({ color, offsetX, offsetY, blur, spread, inset }) => ({
        color: srgb(color),
        offsetX: pixels(offsetX),
        offsetY: pixels(offsetY),
        blur: pixels(blur),
        spread: pixels(spread),
        ...(inset ? { inset } : {}),
      }))
    case 'border':
      return {
        ...token.value,
        color: srgb(token.value.color),
        width: pixels(token.value.width),
        style: styleOf(token),
      }
    case 'gradient':
      return token.value.map(({ color, position }) => ({ color: srgb(color), position }))
    case 'typography': {
      const { fontSize, letterSpacing, lineHeight } = token.value
      return {
        ...token.value,
        fontSize: pixels(fontSize),
        letterSpacing: pixels(letterSpacing),
        lineHeight: typeof lineHeight === 'number' ? lineHeight : lineHeight.value / fontSize.value,
      }
    }
    case 'strokeStyle':
      return 'style' in token.value ? token.value.style : token.value
    default:
      return token.value
  }
}

function styleOf({ value }: Token & { type: 'border' }): unknown {
  return 'style' in value.style ? value.style.style : value.style
}

function srgb(color: Color): Record<string, unknown> {
  const rgb = toSrgb(color) ?? [0, 0, 0]
  const components = rgb.map((channel) => Number(channel.toFixed(5))) as unknown as Color['components']
  return { ...colorValue({ space: 'srgb', components, alpha: color.alpha }), hex: hexOf(color) }
}

function pixels({ value, unit }: Dimension): Record<string, unknown> {
  return { value: unit === 'px' ? value : value * 16, unit: 'px' }
}
