import type { Issue } from '@mortise/contract'

/** Color spaces of the DTCG color report. */
export const colorSpaces = [
  'srgb',
  'srgb-linear',
  'hsl',
  'hwb',
  'lab',
  'lch',
  'oklab',
  'oklch',
  'display-p3',
  'a98-rgb',
  'prophoto-rgb',
  'rec2020',
  'xyz-d65',
  'xyz-d50',
] as const

export type ColorSpace = (typeof colorSpaces)[number]

/** One color channel; `none` is a missing channel, as in CSS. */
export type Channel = number | 'none'

/** A color in the units of its space, as the DTCG color report has them. */
export interface Color {
  readonly space: ColorSpace
  readonly components: readonly [Channel, Channel, Channel]
  /** 0 transparent to 1 opaque. */
  readonly alpha: number
}

/** A length. `em` is not in the format but common in letter spacing of real files. */
export interface Dimension {
  readonly value: number
  readonly unit: 'px' | 'rem' | 'em'
}

export interface Duration {
  readonly value: number
  readonly unit: 'ms' | 's'
}

export interface Shadow {
  readonly color: Color
  readonly offsetX: Dimension
  readonly offsetY: Dimension
  readonly blur: Dimension
  readonly spread: Dimension
  readonly inset: boolean
}

export type CubicBezier = readonly [x1: number, y1: number, x2: number, y2: number]

export type StrokeStyle =
  | { readonly style: (typeof lineStyles)[number] }
  | { readonly dashArray: readonly Dimension[]; readonly lineCap: (typeof lineCaps)[number] }

export const lineStyles = [
  'solid',
  'dashed',
  'dotted',
  'double',
  'groove',
  'ridge',
  'outset',
  'inset',
] as const

export const lineCaps = ['round', 'butt', 'square'] as const

export interface Border {
  readonly color: Color
  readonly width: Dimension
  readonly style: StrokeStyle
}

export interface Transition {
  readonly duration: Duration
  readonly delay: Duration
  readonly timingFunction: CubicBezier
}

export interface GradientStop {
  readonly color: Color
  /** 0 at the start of the gradient to 1 at its end. */
  readonly position: number
}

export interface Typography {
  readonly fontFamily: readonly string[]
  readonly fontSize: Dimension
  readonly fontWeight: number
  readonly letterSpacing: Dimension
  /** A multiple of the font size, or a length where a real file has one. */
  readonly lineHeight: number | Dimension
}

/** What a token of each DTCG type holds once parsed. */
export interface TokenValues {
  readonly color: Color
  readonly dimension: Dimension
  readonly fontFamily: readonly string[]
  readonly fontWeight: number
  readonly duration: Duration
  readonly cubicBezier: CubicBezier
  readonly number: number
  readonly strokeStyle: StrokeStyle
  readonly border: Border
  readonly transition: Transition
  readonly shadow: readonly Shadow[]
  readonly gradient: readonly GradientStop[]
  readonly typography: Typography
}

export type TokenType = keyof TokenValues

/** A token with its aliases followed and its value parsed. */
export type Token = {
  readonly [T in TokenType]: {
    readonly path: string
    readonly type: T
    readonly value: TokenValues[T]
    readonly description: string | undefined
    /** `true` or the reason, where the file says that the token is deprecated. */
    readonly deprecated: boolean | string
    readonly file: string | undefined
    readonly pointer: string
  }
}[TokenType]

/** Codes a diagnostic can carry; the meanings are in the error table of `@mortise/contract`. */
export type TokenCode =
  | 'TOKEN_FILE_INVALID'
  | 'TOKEN_INVALID'
  | 'TOKEN_ALIAS_UNKNOWN'
  | 'TOKEN_ALIAS_CYCLE'
  | 'TOKEN_UNKNOWN'
  | 'TOKEN_DEPRECATED'

/** One thing wrong with a token file. The token is left out or read as all it can mean; the rest of the file loads. */
export interface Diagnostic extends Issue {
  readonly code: TokenCode
  /** Line in the file, from 1: known where the text was read by `@mortise/tokens/diagnose`. */
  readonly line?: number | undefined
  /** Column in the line in UTF-16 units, from 1. */
  readonly column?: number | undefined
  /** What to do about it. */
  readonly hint?: string | undefined
}

/** A token file or resolver document, already parsed from JSON. */
export interface TokenSource {
  readonly document: unknown
  /** Name for diagnostics. */
  readonly file?: string | undefined
  /** For a resolver document: the documents its `$ref`s name, by path relative to the resolver. */
  readonly files?: Readonly<Record<string, unknown>> | undefined
}

/** Tokens by path, in file order, and what was wrong. */
export interface TokenSet {
  readonly tokens: ReadonlyMap<string, Token>
  readonly diagnostics: readonly Diagnostic[]
}
