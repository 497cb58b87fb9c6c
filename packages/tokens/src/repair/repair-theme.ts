import { deltaE } from '../color/convert.ts'
import {
  type ContrastFailure,
  checkTheme,
  colorKey,
  type GateReport,
  themePermutations,
} from '../gate/check-theme.ts'
import { modifierContexts } from '../resolver.ts'
import { composeTheme, defaultContext, type Theme, type ThemeContext } from '../theme.ts'
import type { Color, Token, TokenSource } from '../types.ts'
import { patchSource } from './patch-source.ts'
import { solve } from './solve.ts'

/** One color that was changed, before and after. */
export interface Repair {
  readonly path: string
  /**
   * Where it was changed: `light`, `dark`, `light-more` or `dark-more`, or the context of
   * another modifier that sets the color, as `brand:acme`.
   */
  readonly context: string
  readonly before: Color
  readonly after: Color
  /** ΔE OK between the two: about 0.02 is just seen. */
  readonly deltaE: number
  /** The failing pairs it belonged to; empty where it made room for another color. */
  readonly pairs: readonly ContrastFailure[]
}

export interface RepairResult {
  /** Largest change first. */
  readonly repairs: readonly Repair[]
  /** The theme with the changes: the same source where nothing had to change. */
  readonly source: TokenSource
  readonly theme: Theme
  /** The gate before and after. */
  readonly before: GateReport
  readonly after: GateReport
}

/**
 * Times the result is composed and solved again: aliases carry a change on to other roles, and what
 * a brand sets has to pass in every mode.
 */
const rounds = 6

/** Modifiers beside `mode` and what they are where nobody chose. */
const otherAxes = ['density', 'motion', 'direction', 'brand'] as const

/**
 * Proposes the smallest changes in OKLCH after which every pair passes the
 * gate, and checks the result.
 *
 * @remarks
 * Changes go into the contexts of the `mode` modifier, or into the token file.
 * A color that is set again for a brand, a density, a direction or less motion
 * is changed there, once for all modes. `after` names what still fails.
 *
 * @param base - Trusted: usually `baseSource` of `@mortise/tokens/base`.
 */
export function repairTheme(base: TokenSource, source: TokenSource): RepairResult {
  const original = composeTheme(base, source)
  const before = checkTheme(original)
  const patches = new Map<string, Map<string, Color>>()
  let repaired = source
  let theme = original
  let after = before
  for (let round = 0; round < rounds && !after.passes; round++) {
    if (addPatches(theme, source, patches) === 0) break
    const tried = patchSource(source, patches)
    const composed = composeTheme(base, tried)
    const report = checkTheme(composed)
    if (report.failures.length >= after.failures.length) break
    repaired = tried
    theme = composed
    after = report
  }
  return { repairs: listRepairs(original, theme, patches, before), source: repaired, theme, before, after }
}

function addPatches(theme: Theme, source: TokenSource, patches: Map<string, Map<string, Color>>): number {
  const own = new Set(modifierContexts(source.document).get('mode'))
  const seen = new Set<string>()
  let added = 0
  for (const mode of theme.modes) if (!patches.has(mode)) patches.set(mode, new Map())
  for (const context of themePermutations(theme)) {
    const plain = { ...context, ...plainParts(theme) }
    const turned = otherAxes.filter((axis) => context[axis] !== plain[axis])
    if (turned.length > 1) continue
    const tokens = theme.resolve(context)
    const key = colorKey(tokens, context.contrast)
    // High contrast colors that are not the theme's own are the base set's, and those pass.
    if (seen.has(key) || (context.contrast === 'more' && !own.has(contextName(context)))) continue
    seen.add(key)
    // What the modes set is changed there: solving it again where another axis lies over it could undo what fits.
    const axis = turned[0]
    const below = axis ? colorsOf(theme.resolve(plain)) : undefined
    const colors = colorsOf(tokens)
    const name = axis ? `${axis}:${context[axis]}` : contextName(context)
    const into = patches.get(name) ?? new Map<string, Color>()
    patches.set(name, into)
    for (const [path, color] of solve(
      colors,
      context.contrast,
      (role) => !below || !same(colors, below, role),
    )) {
      into.set(path, color)
      added++
    }
  }
  return added
}

function plainParts({ brands }: Theme): Pick<ThemeContext, (typeof otherAxes)[number]> {
  const { density, motion, direction } = defaultContext
  return { density, motion, direction, brand: brands[0] ?? '' }
}

function same(one: ReadonlyMap<string, Color>, other: ReadonlyMap<string, Color>, role: string): boolean {
  return JSON.stringify(one.get(role)) === JSON.stringify(other.get(role))
}

function listRepairs(
  original: Theme,
  repaired: Theme,
  patches: ReadonlyMap<string, ReadonlyMap<string, Color>>,
  before: GateReport,
): Repair[] {
  const repairs: Repair[] = []
  for (const [name, colors] of patches) {
    const context = contextOf(name)
    const [old, now] = [colorsOf(original.resolve(context)), colorsOf(repaired.resolve(context))]
    for (const path of colors.keys()) {
      const [from, to] = [old.get(path), now.get(path)]
      if (!from || !to) continue
      const pairs = before.failures.filter(
        ({ foreground, background, contexts }) =>
          (foreground === path || background === path) && contexts.some((one) => isInContext(one, name)),
      )
      const apart = deltaE(from, to)
      if (apart > 0) repairs.push({ path, context: name, before: from, after: to, deltaE: apart, pairs })
    }
  }
  return repairs.toSorted((a, b) => b.deltaE - a.deltaE)
}

function colorsOf(tokens: ReadonlyMap<string, Token>): Map<string, Color> {
  return new Map(
    [...tokens.values()].flatMap((token) =>
      token.type === 'color' ? [[token.path, token.value] as const] : [],
    ),
  )
}

function contextName({ mode, contrast }: ThemeContext): string {
  return contrast === 'more' ? `${mode}-more` : mode
}

/** Whether a context is one of those that `context` of a repair names. */
export function isInContext(context: ThemeContext, name: string): boolean {
  const [axis, value] = name.split(':') as [(typeof otherAxes)[number], string | undefined]
  return value === undefined ? contextName(context) === name : context[axis] === value
}

function contextOf(name: string): Partial<ThemeContext> {
  const [axis, value] = name.split(':')
  if (value !== undefined) return { [axis!]: value }
  return {
    mode: name.startsWith('dark') ? 'dark' : 'light',
    contrast: name.endsWith('-more') ? 'more' : 'normal',
  }
}
