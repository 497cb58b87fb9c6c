import { contrast } from '../contrast.ts'
import { defaultContext, type Theme, type ThemeContext } from '../theme.ts'
import type { Color, Token } from '../types.ts'
import { apcaContrast } from './apca.ts'
import { type ContrastPair, contrastLimits, contrastPairs } from './pairs.ts'

export type ContrastLevel = ThemeContext['contrast']

/** Least contrast of a pair. */
export interface PairLimits {
  /** WCAG 2.2 ratio. */
  readonly ratio: number
  /** APCA lightness contrast, without its sign; 0 where APCA asks for nothing. */
  readonly lightness: number
}

/**
 * Least APCA contrast by use: `body` is read at length, `text` is short,
 * `hint` is not content (placeholders, timestamps), `graphic` and `line` have no words.
 */
export const apcaLimits = {
  body: { normal: 75, more: 90 },
  text: { normal: 45, more: 60 },
  hint: { normal: 30, more: 45 },
  graphic: { normal: 15, more: 45 },
  line: { normal: 0, more: 15 },
} as const

/** What a pair must reach. */
export function limitsOf({ foreground, kind }: ContrastPair, level: ContrastLevel): PairLimits {
  const special = { 'color.text.default': 'body', 'color.text.subtle': 'hint' } as const
  const use = kind === 'text' ? (special[foreground as keyof typeof special] ?? 'text') : kind
  return { ratio: contrastLimits[kind][level], lightness: apcaLimits[use][level] }
}

/** A pair of roles that is too hard to tell apart, and where. */
export interface ContrastFailure extends ContrastPair {
  readonly ratio: number
  readonly leastRatio: number
  /** APCA contrast without its sign. */
  readonly lightness: number
  readonly leastLightness: number
  /** Which of the two measures are not met. */
  readonly standards: readonly ('wcag' | 'apca')[]
  /** Permutations of the theme in which these two colors meet. */
  readonly contexts: readonly ThemeContext[]
}

/** What the gate found. */
export interface GateReport {
  /** No pair fails. */
  readonly passes: boolean
  /** Worst first. */
  readonly failures: readonly ContrastFailure[]
  /** Permutations looked at. */
  readonly permutations: number
  /** Pairs looked at in each permutation. */
  readonly pairs: number
}

/** Measures every pair the host's components use in every permutation of a theme, by WCAG 2.2 and APCA. */
export function checkTheme(theme: Theme): GateReport {
  const found = new Map<string, ContrastFailure & { contexts: ThemeContext[] }>()
  const contexts = themePermutations(theme)
  const memo = new Map<string, readonly ContrastFailure[]>()
  for (const context of contexts) {
    const tokens = theme.resolve(context)
    const key = colorKey(tokens, context.contrast)
    const failures = memo.get(key) ?? checkTokens(tokens, context.contrast)
    memo.set(key, failures)
    for (const failure of failures) {
      const id = `${failure.foreground} ${failure.background} ${failure.ratio} ${failure.leastRatio}`
      const known = found.get(id)
      if (known) known.contexts.push(context)
      else found.set(id, { ...failure, contexts: [context] })
    }
  }
  const failures = [...found.values()].toSorted((a, b) => shortness(b) - shortness(a))
  return {
    passes: failures.length === 0,
    failures,
    permutations: contexts.length,
    pairs: contrastPairs.length,
  }
}

/** The failing pairs of one permutation; `contexts` is empty. A role that cannot be measured fails. */
export function checkTokens(tokens: ReadonlyMap<string, Token>, level: ContrastLevel): ContrastFailure[] {
  const colorAt = (path: string): Color | undefined => {
    const token = tokens.get(path)
    return token?.type === 'color' ? token.value : undefined
  }
  return contrastPairs.flatMap((pair) => {
    const [front, back] = [colorAt(pair.foreground), colorAt(pair.background)]
    const ratio = front && back ? contrast(front, back) : Number.NaN
    const lightness = front && back ? Math.abs(apcaContrast(front, back)) : Number.NaN
    const least = limitsOf(pair, level)
    const standards = [
      ...(ratio >= least.ratio ? [] : (['wcag'] as const)),
      ...(lightness >= least.lightness ? [] : (['apca'] as const)),
    ]
    if (standards.length === 0) return []
    return {
      ...pair,
      ratio: Number.isNaN(ratio) ? 1 : ratio,
      leastRatio: least.ratio,
      lightness: Number.isNaN(lightness) ? 0 : lightness,
      leastLightness: least.lightness,
      standards,
      contexts: [],
    }
  })
}

/** Every permutation a theme can be shown in. */
export function themePermutations(theme: Theme): ThemeContext[] {
  let contexts: ThemeContext[] = [defaultContext]
  const cross = <K extends keyof ThemeContext>(axis: K, values: readonly ThemeContext[K][]) => {
    contexts = contexts.flatMap((context) => values.map((value) => ({ ...context, [axis]: value })))
  }
  cross('mode', theme.modes)
  cross('contrast', ['normal', 'more'])
  cross('density', ['cosy', 'compact'])
  cross('motion', ['full', 'reduced'])
  cross('direction', theme.directions)
  if (theme.brands.length > 0) cross('brand', theme.brands)
  return contexts
}

/** Same text, same colors: permutations that differ in nothing visible are measured once. */
export function colorKey(tokens: ReadonlyMap<string, Token>, level: ContrastLevel): string {
  const colors = [...tokens.values()].flatMap((token) => (token.type === 'color' ? [token.value] : []))
  return `${level} ${JSON.stringify(colors)}`
}

function shortness({ ratio, leastRatio, lightness, leastLightness }: ContrastFailure): number {
  return Math.max(leastRatio / ratio, leastLightness === 0 ? 0 : leastLightness / Math.max(1, lightness))
}
