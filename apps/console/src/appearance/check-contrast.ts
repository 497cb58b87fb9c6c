import { composeTheme, type ThemeContext } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { type ContrastFailure, checkTheme, describeContexts } from '@mortise/tokens/gate'
import { hexOf, repairTheme } from '@mortise/tokens/repair'
import { type KnownTheme, readThemeSource } from './theme-source.ts'

/** Two colors of a theme that are hard to tell apart. */
export interface HardPair {
  readonly foreground: string
  readonly background: string
  /** Where the host's components lay one over the other. */
  readonly use: string
  /** Colors as CSS in the first permutation in which they meet. */
  readonly colors: readonly [foreground: string, background: string]
  readonly ratio: number
  readonly leastRatio: number
  readonly lightness: number
  readonly leastLightness: number
  readonly standards: ContrastFailure['standards']
  /** Permutations in words, such as `dark, more contrast`. */
  readonly where: string
}

/** One color that a repair changes. */
export interface ColorChange {
  readonly role: string
  readonly mode: string
  readonly before: string
  readonly after: string
  readonly deltaE: number
}

export interface ContrastCheck {
  /** Worst first. */
  readonly pairs: readonly HardPair[]
  /** Pairs looked at in each permutation. */
  readonly measured: number
  readonly permutations: number
}

/** The smallest changes that help, largest first, and how many measurements they do not help. */
export interface ContrastRepair {
  readonly changes: readonly ColorChange[]
  readonly left: number
}

/** Measures every pair of colors in every permutation of a theme. */
export async function checkContrast(known: KnownTheme): Promise<ContrastCheck> {
  const source = await readThemeSource(known)
  const theme = composeTheme(baseSource, source)
  const report = checkTheme(theme)
  const colorAt = (path: string, context: ThemeContext | undefined) => {
    const token = theme.resolve(context).get(path)
    return token?.type === 'color' ? hexOf(token.value) : '#808080'
  }
  const pairs = report.failures.map(({ contexts, ...failure }) => ({
    ...failure,
    colors: [colorAt(failure.foreground, contexts[0]), colorAt(failure.background, contexts[0])] as const,
    where: describeContexts(contexts),
  }))
  return { pairs, measured: report.pairs, permutations: report.permutations }
}

/** Looks for the nearest readable colors, as the server does for a person who wants the theme repaired. */
export async function proposeRepair(known: KnownTheme): Promise<ContrastRepair> {
  const { repairs, after } = repairTheme(baseSource, await readThemeSource(known))
  const changes = repairs.map(({ path, context, before, after: now, deltaE }) => ({
    role: path,
    mode: context.replace('-more', ', more contrast'),
    before: hexOf(before),
    after: hexOf(now),
    deltaE,
  }))
  return { changes, left: after.failures.length }
}
