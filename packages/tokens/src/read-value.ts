/**
 * One reader per DTCG type: raw JSON in, numbers and words from closed lists out.
 *
 * No reader keeps a string it was given, except font family names, which are
 * limited to letters, digits and a few marks and are quoted when printed.
 */
import { aliasPath, isObject, own } from './parse-file.ts'
import {
  type Channel,
  type Color,
  type ColorSpace,
  type CubicBezier,
  colorSpaces,
  type Dimension,
  lineCaps,
  lineStyles,
  type Shadow,
  type TokenCode,
  type TokenType,
  type TokenValues,
} from './types.ts'

/** Why a value does not fit its type. Never leaves the package. */
export class ValueError extends Error {
  readonly at: string
  readonly code: TokenCode
  constructor(at: string, message: string, code: TokenCode = 'TOKEN_INVALID') {
    super(message)
    this.at = at
    this.code = code
  }
}

/** Gives the parsed value of the token an alias names, which must be of the type. */
export type Follow = <T extends TokenType>(type: T, path: string, at: string) => TokenValues[T]

type Reader<T extends TokenType> = (raw: unknown, at: string, follow: Follow) => TokenValues[T]

const readers: { readonly [T in TokenType]: Reader<T> } = {
  color: readColor,
  dimension: (raw, at) => readDimension(raw, at),
  fontFamily: readFontFamily,
  fontWeight: readFontWeight,
  duration: readDuration,
  cubicBezier: readCubicBezier,
  number: (raw, at) => readNumber(raw, at),
  strokeStyle: (raw, at, follow) => {
    if (!isObject(raw)) return { style: oneOf(lineStyles, raw, at) }
    const dashes = listOf(own(raw, 'dashArray'), `${at}/dashArray`)
    return {
      dashArray: dashes.map((dash, i) => read('dimension', dash, `${at}/dashArray/${i}`, follow)),
      lineCap: oneOf(lineCaps, own(raw, 'lineCap'), `${at}/lineCap`),
    }
  },
  border: (raw, at, follow) => {
    const part = parts(raw, at, follow)
    return {
      color: part('color', 'color'),
      width: part('width', 'dimension'),
      style: part('style', 'strokeStyle'),
    }
  },
  transition: (raw, at, follow) => {
    const part = parts(raw, at, follow)
    return {
      duration: part('duration', 'duration'),
      delay: part('delay', 'duration', { value: 0, unit: 'ms' }),
      timingFunction: part('timingFunction', 'cubicBezier'),
    }
  },
  shadow: (raw, at, follow) => {
    if (!Array.isArray(raw)) return [readShadow(raw, at, follow)]
    const layers = listOf(raw, at).flatMap((layer, i): readonly Shadow[] => {
      const place = `${at}/${i}`
      return aliasPath(layer) === undefined
        ? [readShadow(layer, place, follow)]
        : read('shadow', layer, place, follow)
    })
    if (layers.length > maxItems) throw new ValueError(at, `More than ${maxItems} shadows.`)
    return layers
  },
  gradient: (raw, at, follow) =>
    listOf(raw, at).map((stop, i) => {
      const part = parts(stop, `${at}/${i}`, follow)
      return { color: part('color', 'color'), position: Math.min(1, Math.max(0, part('position', 'number'))) }
    }),
  typography: (raw, at, follow) => {
    const part = parts(raw, at, follow)
    const height = isObject(raw) ? own(raw, 'lineHeight') : undefined
    return {
      fontFamily: part('fontFamily', 'fontFamily'),
      fontSize: part('fontSize', 'dimension'),
      fontWeight: part('fontWeight', 'fontWeight', 400),
      letterSpacing: part('letterSpacing', 'dimension', { value: 0, unit: 'px' }),
      lineHeight: isObject(height) ? part('lineHeight', 'dimension') : part('lineHeight', 'number', 1.5),
    }
  },
}

/** Most items in a list inside one value. */
const maxItems = 32

/** Whether a `$type` is one of the format. */
export function isTokenType(value: unknown): value is TokenType {
  return typeof value === 'string' && Object.hasOwn(readers, value)
}

/** The only type an object can be meant as, for files that forget `$type`. */
export function impliedType(value: unknown): TokenType | undefined {
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, 'colorSpace') && Object.hasOwn(value, 'components')) return 'color'
  if (!Object.hasOwn(value, 'value')) return undefined
  const unit = own(value, 'unit')
  if (unit === 'px' || unit === 'rem') return 'dimension'
  return unit === 'ms' || unit === 's' ? 'duration' : undefined
}

/**
 * Parses a raw value, or follows it where it is an alias.
 *
 * @throws ValueError with the pointer below the token.
 */
export function read<T extends TokenType>(type: T, raw: unknown, at: string, follow: Follow): TokenValues[T] {
  const path = aliasPath(raw)
  return path === undefined ? readers[type](raw, at, follow) : follow(type, path, at)
}

function parts(raw: unknown, at: string, follow: Follow) {
  if (!isObject(raw)) throw new ValueError(at, 'Expected an object.')
  return <T extends TokenType>(name: string, type: T, fallback?: TokenValues[T]): TokenValues[T] => {
    const value = own(raw, name)
    if (value === undefined && fallback !== undefined) return fallback
    return read(type, value, `${at}/${name}`, follow)
  }
}

function readShadow(raw: unknown, at: string, follow: Follow): Shadow {
  const part = parts(raw, at, follow)
  const zero: Dimension = { value: 0, unit: 'px' }
  return {
    color: part('color', 'color'),
    offsetX: part('offsetX', 'dimension'),
    offsetY: part('offsetY', 'dimension'),
    blur: part('blur', 'dimension', zero),
    spread: part('spread', 'dimension', zero),
    inset: isObject(raw) && own(raw, 'inset') === true,
  }
}

function readColor(raw: unknown, at: string): Color {
  if (typeof raw === 'string') return readHex(raw, at)
  if (!isObject(raw)) throw new ValueError(at, 'Expected a color object or a hex string.')
  const space = oneOf(colorSpaces, own(raw, 'colorSpace'), `${at}/colorSpace`)
  const list = listOf(own(raw, 'components'), `${at}/components`)
  if (list.length !== 3) throw new ValueError(`${at}/components`, 'Expected three components.')
  const channels = list.map((channel, i) => readChannel(space, i, channel, `${at}/components/${i}`))
  const alpha = own(raw, 'alpha')
  return {
    space,
    components: channels as [Channel, Channel, Channel],
    alpha: alpha === undefined ? 1 : readNumber(alpha, `${at}/alpha`, 0, 1),
  }
}

const channelRanges: Readonly<Partial<Record<ColorSpace, readonly (readonly [number, number])[]>>> = {
  hsl: [
    [-360, 360],
    [0, 100],
    [0, 100],
  ],
  hwb: [
    [-360, 360],
    [0, 100],
    [0, 100],
  ],
  lab: [
    [0, 100],
    [-200, 200],
    [-200, 200],
  ],
  lch: [
    [0, 100],
    [0, 250],
    [-360, 360],
  ],
  oklab: [
    [0, 1],
    [-1, 1],
    [-1, 1],
  ],
  oklch: [
    [0, 1],
    [0, 1],
    [-360, 360],
  ],
  'xyz-d65': [
    [-2, 2],
    [-2, 2],
    [-2, 2],
  ],
  'xyz-d50': [
    [-2, 2],
    [-2, 2],
    [-2, 2],
  ],
}

function readChannel(space: ColorSpace, index: number, raw: unknown, at: string): Channel {
  if (raw === 'none') return 'none'
  const [min, max] = channelRanges[space]?.[index] ?? [0, 1]
  return readNumber(raw, at, min, max)
}

function readHex(raw: string, at: string): Color {
  const digits = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(raw.trim())?.[1]
  if (!digits) throw new ValueError(at, 'A color written as text must be #rgb, #rgba, #rrggbb or #rrggbbaa.')
  const pairs = digits.length < 6 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? [])
  const [r = 0, g = 0, b = 0, alpha = 1] = pairs.map((pair) => Number.parseInt(pair, 16) / 255)
  return { space: 'srgb', components: [r, g, b], alpha }
}

function readDimension(raw: unknown, at: string): Dimension {
  if (typeof raw === 'string') {
    const match = /^(-?\d{1,6}(?:\.\d{1,6})?)(px|rem|em)$/.exec(raw.trim())
    if (match) return { value: Number(match[1]), unit: match[2] as Dimension['unit'] }
  }
  if (raw === 0) return { value: 0, unit: 'px' }
  if (!isObject(raw)) throw new ValueError(at, 'Expected { "value": number, "unit": "px" or "rem" }.')
  return {
    value: readNumber(own(raw, 'value'), `${at}/value`),
    unit: oneOf(['px', 'rem', 'em'] as const, own(raw, 'unit'), `${at}/unit`),
  }
}

function readDuration(raw: unknown, at: string): TokenValues['duration'] {
  if (typeof raw === 'string') {
    const match = /^(\d{1,6}(?:\.\d{1,6})?)(ms|s)$/.exec(raw.trim())
    if (match) return { value: Number(match[1]), unit: match[2] as 'ms' | 's' }
  }
  if (!isObject(raw)) throw new ValueError(at, 'Expected { "value": number, "unit": "ms" or "s" }.')
  return {
    value: readNumber(own(raw, 'value'), `${at}/value`, 0),
    unit: oneOf(['ms', 's'] as const, own(raw, 'unit'), `${at}/unit`),
  }
}

function readCubicBezier(raw: unknown, at: string): CubicBezier {
  const list = listOf(raw, at)
  if (list.length !== 4) throw new ValueError(at, 'Expected four numbers.')
  const numbers = list.map((value, i) =>
    i % 2 === 0 ? readNumber(value, `${at}/${i}`, 0, 1) : readNumber(value, `${at}/${i}`, -10, 10),
  )
  return numbers as unknown as CubicBezier
}

function readFontFamily(raw: unknown, at: string): readonly string[] {
  return listOf(Array.isArray(raw) ? raw : [raw], at).map((name, i) => {
    const place = Array.isArray(raw) ? `${at}/${i}` : at
    if (typeof name !== 'string') throw new ValueError(place, 'A font family is text.')
    if (!/^[\p{L}\p{N}_-][\p{L}\p{N} ._-]{0,63}$/u.test(name)) {
      throw new ValueError(place, 'A font family is letters, digits, spaces, dots, dashes and underscores.')
    }
    return name.trim()
  })
}

const weightNames: Readonly<Record<string, number>> = {
  thin: 100,
  hairline: 100,
  'extra-light': 200,
  'ultra-light': 200,
  light: 300,
  normal: 400,
  regular: 400,
  book: 400,
  medium: 500,
  'semi-bold': 600,
  'demi-bold': 600,
  bold: 700,
  'extra-bold': 800,
  'ultra-bold': 800,
  black: 900,
  heavy: 900,
  'extra-black': 950,
  'ultra-black': 950,
}

function readFontWeight(raw: unknown, at: string): number {
  if (typeof raw !== 'string') return readNumber(raw, at, 1, 1000)
  if (Object.hasOwn(weightNames, raw)) return weightNames[raw]!
  throw new ValueError(at, 'Not a font weight the format names.')
}

function readNumber(raw: unknown, at: string, min = -1e6, max = 1e6): number {
  if (typeof raw !== 'number' || !Number.isFinite(raw)) throw new ValueError(at, 'Expected a number.')
  if (raw < min || raw > max) throw new ValueError(at, `Expected a number from ${min} to ${max}.`)
  return raw
}

function listOf(raw: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(raw) || raw.length === 0) throw new ValueError(at, 'Expected a list that is not empty.')
  if (raw.length > maxItems) throw new ValueError(at, `More than ${maxItems} items.`)
  return raw
}

function oneOf<const T extends string>(words: readonly T[], raw: unknown, at: string): T {
  const word = words.find((candidate) => candidate === raw)
  if (word === undefined) throw new ValueError(at, `Expected one of ${words.join(', ')}.`)
  return word
}
