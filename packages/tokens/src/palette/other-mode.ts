import { lchOf, oklch } from '../color/convert.ts'
import { contrast } from '../contrast.ts'
import { patchSource } from '../repair/patch-source.ts'
import { repairTheme } from '../repair/repair-theme.ts'
import { composeTheme, type Mode } from '../theme.ts'
import type { Color, Token, TokenSource } from '../types.ts'
import { accentRoles, neutralRoles, type RoleColors, riskAliases, statusRoles } from './roles.ts'

const pageLightness = { light: 0.98, dark: 0.19 } as const
/** Most chroma of a page, where a tint is still a tint. */
const pageChroma = { light: 0.02, dark: 0.03 } as const
const chartLightness = { light: 0.56, dark: 0.74 } as const

/**
 * A theme that has one mode with the other drawn from its colors: the hues stay, lightness turns
 * round, and what is hard to read is repaired. The mode that was there stays as it is.
 *
 * @param base - Trusted: usually `baseSource` of `@mortise/tokens/base`.
 * @returns The source itself where it has both modes.
 */
export function withOtherMode(base: TokenSource, source: TokenSource): TokenSource {
  const { modes, resolve } = composeTheme(base, source)
  const [mode, second] = modes
  if (mode === undefined || second !== undefined) return source
  const other = mode === 'dark' ? 'light' : 'dark'
  const colors = new Map(Object.entries(turned(resolve({ mode }), other)))
  const drawn = patchSource(
    source,
    new Map([
      [mode, new Map()],
      [other, colors],
    ]),
  )
  for (const { path, context, after } of repairTheme(base, drawn).repairs) {
    if (context === other) colors.set(path, after)
  }
  return patchSource(
    source,
    new Map([
      [mode, new Map()],
      [other, colors],
    ]),
  )
}

/** Every color role in another mode. */
function turned(tokens: ReadonlyMap<string, Token>, mode: Mode): RoleColors {
  const dark = mode === 'dark'
  const at = (path: string): Color => {
    const token = tokens.get(path)
    return token?.type === 'color' ? token.value : { space: 'oklch', components: [0.5, 0, 0], alpha: 1 }
  }
  const page = lchOf(at('color.surface.page'))
  const accent = lchOf(at('color.accent.solid'))
  const states = Object.assign(
    {},
    ...(['success', 'warning', 'danger', 'info'] as const).map((name) =>
      statusRoles(name, lchOf(at(`color.status.${name}.solid`)), dark),
    ),
  ) as RoleColors
  const charts = [1, 2, 3, 4, 5, 6].map((n): [string, Color] => {
    const { l, c, h } = lchOf(at(`color.chart.${n}`))
    // Colors that differ in lightness still do.
    const lightness = chartLightness[mode] + (l - chartLightness[dark ? 'light' : 'dark']) * 0.6
    return [`color.chart.${n}`, oklch({ l: Math.min(0.9, Math.max(0.35, lightness)), c, h })]
  })
  const white: Color = { space: 'oklch', components: [1, 0, 0], alpha: 1 }
  const solid = oklch(accent)
  return {
    ...neutralRoles({ l: pageLightness[mode], c: Math.min(page.c, pageChroma[mode]), h: page.h }, dark),
    ...accentRoles(accent, dark),
    'color.text.onAccent': contrast(white, solid) >= 3 ? white : oklch({ l: 0.18, c: 0.02, h: accent.h }),
    ...states,
    ...Object.fromEntries(charts),
    ...Object.fromEntries(Object.entries(riskAliases).map(([path, target]) => [path, states[target]!])),
  }
}
