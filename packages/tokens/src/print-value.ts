/** Typed values to CSS text, built from numbers and closed lists of words only. */
import type { Border, Color, CubicBezier, Dimension, Duration, Shadow, StrokeStyle, Token } from './types.ts'

/** A custom property name or a part of one, and its value. */
export type Printed = readonly (readonly [suffix: string, value: string])[]

/** Prints a token. Composite types that CSS cannot hold in one value give several parts. */
export function printToken(token: Token): Printed {
  switch (token.type) {
    case 'typography': {
      const { fontFamily, fontSize, fontWeight, letterSpacing, lineHeight } = token.value
      return [
        ['-fontFamily', printFontFamily(fontFamily)],
        ['-fontSize', printDimension(fontSize)],
        ['-fontWeight', printNumber(fontWeight)],
        ['-letterSpacing', printDimension(letterSpacing)],
        [
          '-lineHeight',
          typeof lineHeight === 'number' ? printNumber(lineHeight) : printDimension(lineHeight),
        ],
      ]
    }
    default:
      return [['', printSingle(token)]]
  }
}

function printSingle(token: Exclude<Token, { type: 'typography' }>): string {
  switch (token.type) {
    case 'color':
      return printColor(token.value)
    case 'dimension':
      return printDimension(token.value)
    case 'fontFamily':
      return printFontFamily(token.value)
    case 'fontWeight':
    case 'number':
      return printNumber(token.value)
    case 'duration':
      return printDuration(token.value)
    case 'cubicBezier':
      return printCubicBezier(token.value)
    case 'strokeStyle':
      return printStrokeStyle(token.value)
    case 'border':
      return printBorder(token.value)
    case 'shadow':
      return token.value.map(printShadow).join(', ')
    case 'transition': {
      const { duration, delay, timingFunction } = token.value
      return `${printDuration(duration)} ${printCubicBezier(timingFunction)} ${printDuration(delay)}`
    }
    case 'gradient':
      return token.value
        .map(({ color, position }) => `${printColor(color)} ${printNumber(position * 100)}%`)
        .join(', ')
  }
}

/** A color in CSS, in its own space. */
export function printColor({ space, components, alpha }: Color): string {
  const [a, b, c] = components.map((channel) => (channel === 'none' ? channel : printNumber(channel))) as [
    string,
    string,
    string,
  ]
  const end = alpha === 1 ? ')' : ` / ${printNumber(alpha)})`
  switch (space) {
    case 'srgb':
      return components.includes('none')
        ? `color(srgb ${a} ${b} ${c}${end}`
        : `rgb(${components.map((channel) => printNumber(Number(channel) * 255, 2)).join(' ')}${end}`
    case 'hsl':
    case 'hwb':
      return `${space}(${a} ${percent(b)} ${percent(c)}${end}`
    case 'lab':
    case 'lch':
    case 'oklab':
    case 'oklch':
      return `${space}(${a} ${b} ${c}${end}`
    default:
      return `color(${space} ${a} ${b} ${c}${end}`
  }
}

/** A number without exponent and with at most `digits` decimals. */
export function printNumber(value: number, digits = 5): string {
  return String(Number(value.toFixed(digits)) + 0)
}

const genericFamilies: ReadonlySet<string> = new Set([
  'serif',
  'sans-serif',
  'monospace',
  'cursive',
  'fantasy',
  'system-ui',
  'ui-serif',
  'ui-sans-serif',
  'ui-monospace',
  'ui-rounded',
  'math',
  'emoji',
  '-apple-system',
])

function printFontFamily(names: readonly string[]): string {
  return names.map((name) => (genericFamilies.has(name) ? name : `"${name}"`)).join(', ')
}

function printDimension({ value, unit }: Dimension): string {
  return `${printNumber(value)}${unit}`
}

function printDuration({ value, unit }: Duration): string {
  return `${printNumber(value)}${unit}`
}

function printCubicBezier(numbers: CubicBezier): string {
  return `cubic-bezier(${numbers.map((number) => printNumber(number)).join(', ')})`
}

/** CSS has no dash pattern for borders, so a pattern becomes the nearest word. */
function printStrokeStyle(value: StrokeStyle): string {
  return 'style' in value ? value.style : 'dashed'
}

function printBorder({ width, style, color }: Border): string {
  return `${printDimension(width)} ${printStrokeStyle(style)} ${printColor(color)}`
}

function printShadow({ color, offsetX, offsetY, blur, spread, inset }: Shadow): string {
  const lengths = [offsetX, offsetY, blur, spread].map(printDimension).join(' ')
  return `${inset ? 'inset ' : ''}${lengths} ${printColor(color)}`
}

function percent(channel: string): string {
  return channel === 'none' ? channel : `${channel}%`
}
