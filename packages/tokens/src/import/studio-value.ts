/** Values of Tokens Studio to values of the format. */

import { isObject, own } from '../parse-file.ts'
import { colorValue, type Written } from '../repair/patch-source.ts'
import { readColor, readFontFamily } from './css-value.ts'
import { asText } from './imported.ts'

/** A token as the file has it. */
export interface StudioToken {
  readonly type: string
  readonly value: unknown
  readonly pointer: string
}

/** A value that cannot be read, and why. */
export class StudioError extends Error {}

type Tokens = ReadonlyMap<string, StudioToken>

const dimensions: ReadonlySet<string> = new Set([
  'spacing',
  'sizing',
  'dimension',
  'borderRadius',
  'borderWidth',
  'fontSizes',
  'letterSpacing',
  'paragraphSpacing',
])
const types: Readonly<Record<string, string>> = {
  fontFamily: 'fontFamilies',
  fontWeight: 'fontWeights',
  lineHeight: 'lineHeights',
  fontSize: 'fontSizes',
  shadow: 'boxShadow',
}

/**
 * The token in the format; undefined for kinds that the format does not have (text, assets).
 *
 * @throws StudioError where the value cannot be read.
 */
export function writeStudioToken({ type: given, value }: StudioToken, tokens: Tokens): Written | undefined {
  const type = types[given] ?? given
  // The type of an alias is that of its target.
  if (typeof value === 'string' && /^\{[^{}]+\}$/.test(value.trim()))
    return { $value: value.trim() } as Written
  const put = ($type: string, $value: unknown): Written => ({ $type, $value })
  if (type === 'color') return put('color', color(value, tokens))
  if (dimensions.has(type)) return put('dimension', dimension(value, tokens))
  switch (type) {
    case 'number':
    case 'opacity':
      return put('number', ratio(value, tokens))
    case 'lineHeights': {
      const height = lineHeight(value, tokens)
      return put(typeof height === 'number' ? 'number' : 'dimension', height)
    }
    case 'fontFamilies':
      return (
        readFontFamily(Array.isArray(value) ? value.map(asText).join(',') : asText(value)) ??
        fail('Not a font family.')
      )
    case 'fontWeights':
      return put('fontWeight', fontWeight(value))
    case 'boxShadow':
      return put(
        'shadow',
        (Array.isArray(value) ? value : [value]).map((layer) => shadow(layer, tokens)),
      )
    case 'border':
      return put('border', {
        color: part(value, 'color', (raw) => color(raw, tokens)),
        width: part(value, 'width', (raw) => dimension(raw, tokens)),
        style: isObject(value) && own(value, 'style') === 'dashed' ? 'dashed' : 'solid',
      })
    case 'typography':
      return put('typography', {
        fontFamily: part(
          value,
          'fontFamily',
          (raw) => readFontFamily(asText(raw))?.$value ?? fail('Not a font family.'),
        ),
        fontSize: part(value, 'fontSize', (raw) => dimension(raw, tokens)),
        fontWeight: part(value, 'fontWeight', fontWeight, 400),
        letterSpacing: part(value, 'letterSpacing', (raw) => dimension(raw, tokens), {
          value: 0,
          unit: 'px',
        }),
        lineHeight: part(value, 'lineHeight', (raw) => lineHeight(raw, tokens), 1.5),
      })
    default:
      return undefined
  }
}

function part(value: unknown, name: string, read: (raw: unknown) => unknown, fallback?: unknown): unknown {
  const raw = isObject(value) ? own(value, name) : undefined
  if (raw === undefined && fallback !== undefined) return fallback
  if (typeof raw === 'string' && /^\{[^{}]+\}$/.test(raw.trim())) return raw.trim()
  return read(raw)
}

function shadow(value: unknown, tokens: Tokens): Record<string, unknown> {
  const length = (name: string) => part(value, name, (raw) => dimension(raw ?? 0, tokens))
  return {
    color: part(value, 'color', (raw) => color(raw, tokens)),
    offsetX: length('x'),
    offsetY: length('y'),
    blur: length('blur'),
    spread: length('spread'),
    inset: isObject(value) && own(value, 'type') === 'innerShadow',
  }
}

function color(value: unknown, tokens: Tokens): unknown {
  const text = literal(value, tokens)
  const faded = /^(?:rgba|hsla)\(\s*(#[\da-f]{3,8})\s*,\s*([\d.]+)(%?)\s*\)$/i.exec(text)
  const read = readColor(faded ? faded[1]! : text) ?? fail('Not a color.')
  const alpha = faded ? Math.min(1, Number(faded[2]) / (faded[3] ? 100 : 1)) : read.color.alpha
  return colorValue({ ...read.color, alpha })
}

function dimension(value: unknown, tokens: Tokens): unknown {
  const text = literal(value, tokens)
  const percent = /^(-?[\d.]+)%$/.exec(text)
  if (percent) return { value: round(Number(percent[1]) / 100), unit: 'em' }
  const unit = /(rem|em)\b/.exec(text)?.[1] ?? 'px'
  return { value: round(calculate(text.replace(/px|rem|em/g, ''))), unit }
}

function ratio(value: unknown, tokens: Tokens): number {
  const text = literal(value, tokens)
  return text.endsWith('%') ? round(calculate(text.slice(0, -1)) / 100) : round(calculate(text))
}

/** A bare number is a length in design tools, unless it is too small to be one. */
function lineHeight(value: unknown, tokens: Tokens): unknown {
  const text = literal(value, tokens)
  if (/^auto$/i.test(text)) return 1.5
  if (text.endsWith('%')) return ratio(text, tokens)
  const bare = /^[\d.]+$/.test(text) && Number(text) <= 4
  return bare ? Number(text) : dimension(text, tokens)
}

function fontWeight(value: unknown): number {
  const text = asText(value)
    .trim()
    .toLowerCase()
    .replace(/\bitalic\b/, '')
    .trim()
    .replace(/[\s-]+/g, '')
  if (/^\d{1,4}$/.test(text)) return Number(text)
  return weights[text] ?? fail('Not a font weight.')
}

const weights: Readonly<Record<string, number>> = {
  thin: 100,
  extralight: 200,
  light: 300,
  '': 400,
  regular: 400,
  normal: 400,
  book: 400,
  medium: 500,
  semibold: 600,
  demibold: 600,
  bold: 700,
  extrabold: 800,
  black: 900,
  heavy: 900,
}

/** Most aliases followed inside one value, so that none can grow without end. */
const maxFollowed = 100

/** The value as text with every alias in it replaced by what it leads to. */
function literal(value: unknown, tokens: Tokens, budget = { left: maxFollowed }): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value.length > 500) return fail('Expected text or a number.')
  return value.trim().replace(/\{([^{}]+)\}/g, (_, path: string) => {
    const target = tokens.get(path.trim())
    if (!target || --budget.left < 0) return fail(`{${path}} leads nowhere.`)
    return literal(target.value, tokens, budget)
  })
}

const functions: Readonly<Record<string, (value: number, digits?: number) => number>> = {
  roundTo: (value, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits,
  round: Math.round,
  floor: Math.floor,
  ceil: Math.ceil,
}

/** Sums, products, powers, brackets and rounding of numbers: `roundTo(16 * 1.25 ^ 2)`. */
function calculate(text: string): number {
  const parts = text.match(/[\d.]+|[-+*/^(),]|[a-zA-Z]+/g) ?? []
  if (parts.join('') !== text.replace(/\s/g, '') || /[\d.]\s+[\d.]/.test(text) || parts.length > 100)
    return unreadable()
  let at = 0
  const result = sum()
  return at === parts.length && Number.isFinite(result) ? result : unreadable()

  function sum(): number {
    let value = product()
    while (parts[at] === '+' || parts[at] === '-') value += parts[at++] === '+' ? product() : -product()
    return value
  }

  function product(): number {
    let value = power()
    while (parts[at] === '*' || parts[at] === '/')
      value = parts[at++] === '*' ? value * power() : value / power()
    return value
  }

  function power(): number {
    const value = single()
    if (parts[at] !== '^') return value
    at++
    return value ** power()
  }

  function single(): number {
    const next = parts[at++]
    if (next === '-') return -single()
    if (next === '(') {
      const value = sum()
      return parts[at++] === ')' ? value : Number.NaN
    }
    if (next === undefined || !Object.hasOwn(functions, next)) return Number(next ?? Number.NaN)
    if (parts[at++] !== '(') return Number.NaN
    const value = sum()
    let digits: number | undefined
    if (parts[at] === ',') {
      at++
      digits = sum()
    }
    return parts[at++] === ')' ? functions[next]!(value, digits) : Number.NaN
  }
}

function unreadable(): never {
  return fail('Not a number or a sum of numbers.')
}

function round(value: number): number {
  return Number(value.toFixed(4))
}

function fail(message: string): never {
  throw new StudioError(message)
}
