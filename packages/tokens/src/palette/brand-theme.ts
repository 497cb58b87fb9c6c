import { MortiseError } from '@mortise/contract'
import { type Lch, lchOf, oklch, parseCssColor } from '../color/convert.ts'
import { contrast } from '../contrast.ts'
import { colorValue, withValues } from '../repair/patch-source.ts'
import { type Repair, repairTheme } from '../repair/repair-theme.ts'
import type { Theme } from '../theme.ts'
import type { Color, TokenSource } from '../types.ts'
import { accentRoles, neutralRoles, type RoleColors, riskAliases, statusRoles } from './roles.ts'

export interface BrandOptions {
  /** One to three colors in any notation of CSS: the accent, then colors for charts. */
  readonly brand: readonly string[]
  /** How much of the accent's hue the greys have: 0 none, 1 a trace (default), up to 6. */
  readonly tint?: number | undefined
  /** Name in the document. */
  readonly name?: string | undefined
}

export interface BrandTheme {
  /** A resolver document with all color roles for light, dark and both with more contrast. */
  readonly source: TokenSource
  readonly theme: Theme
  /** What the gate made of the brand colors, largest change first. */
  readonly repairs: readonly Repair[]
}

const states = { success: [0.12, 152], warning: [0.12, 68], danger: [0.19, 25], info: [0.11, 232] } as const
const chartLightness = {
  light: [0.54, 0.63, 0.58, 0.49, 0.61, 0.46],
  dark: [0.72, 0.82, 0.68, 0.77, 0.86, 0.65],
} as const

/**
 * A whole theme out of brand colors, drawn in OKLCH and repaired until every pair passes in every mode.
 *
 * @param base - Trusted: usually `baseSource` of `@mortise/tokens/base`.
 * @throws `TOKEN_INVALID` where a brand color is no color, or there are none or more than three.
 */
export function themeFromBrand(
  base: TokenSource,
  { brand, tint = 1, name = 'Brand' }: BrandOptions,
): BrandTheme {
  if (brand.length < 1 || brand.length > 3) {
    throw new MortiseError('TOKEN_INVALID', 'A theme starts from one to three brand colors.')
  }
  const colors = brand.map((text) => {
    const color = parseCssColor(text)
    if (!color) throw new MortiseError('TOKEN_INVALID', `'${text.slice(0, 50)}' is not a color.`)
    return lchOf(color)
  })
  const amount = Math.min(6, Math.max(0, tint))
  const contexts = Object.fromEntries(
    (['light', 'dark', 'light-more', 'dark-more'] as const).map((context) => [
      context,
      [withValues({}, new Map(Object.entries(contextColors(colors, context, amount))))],
    ]),
  )
  const drawn: TokenSource = {
    file: 'theme.resolver.json',
    document: {
      $schema: 'https://www.designtokens.org/schemas/2025.10/resolver.json',
      name: name.slice(0, 100),
      version: '2025.10',
      modifiers: { mode: { contexts, default: 'light' } },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }],
    },
  }
  const { source, theme, repairs } = repairTheme(base, drawn)
  return { source: settled(source, theme), theme, repairs }
}

function contextColors(brand: readonly Lch[], context: string, tint: number): RoleColors {
  const dark = context.startsWith('dark')
  const more = context.endsWith('-more')
  const accent = brand[0]!
  const pageLightness = more ? (dark ? 0.07 : 1) : dark ? 0.19 : 0.98
  const trace = (dark ? 0.011 : 0.0035) * tint * Math.min(1, accent.c / 0.08) * (more ? 0.5 : 1)
  const solid = oklch(accent)
  const ink = oklch({ l: 0.18, c: 0.02, h: accent.h })
  const white: Color = { space: 'oklch', components: [1, 0, 0], alpha: 1 }
  return {
    ...neutralRoles({ l: pageLightness, c: trace, h: accent.h }, dark),
    ...accentRoles(accent, dark),
    'color.text.onAccent': contrast(white, solid) >= 3 ? white : ink,
    ...Object.assign(
      {},
      ...Object.entries(states).map(([name, [c, h]]) => statusRoles(name, { l: 0.55, c, h }, dark)),
    ),
    ...chartColors(brand, dark),
    ...Object.fromEntries(
      Object.entries(riskAliases).map(([path, target]) => {
        const [, , status, part] = target.split('.') as [string, string, keyof typeof states, string]
        const [c, h] = states[status]
        return [path, statusRoles(status, { l: 0.55, c, h }, dark)[`color.status.${status}.${part}`]!]
      }),
    ),
  }
}

/** Brand colors first, then hues around the circle from the first, light and dark in turn. */
function chartColors(brand: readonly Lch[], dark: boolean): RoleColors {
  const start = brand[0]!
  const hues = brand.map(({ h }) => h)
  for (let step = 1; hues.length < 6; step++) {
    const hue = (start.h + step * 67) % 360
    const free = hues.every((other) => Math.min(Math.abs(hue - other), 360 - Math.abs(hue - other)) > 28)
    if (free || step > 20) hues.push(hue)
  }
  return Object.fromEntries(
    hues.map((h, i) => {
      const own = brand[i]
      const l = chartLightness[dark ? 'dark' : 'light'][i]!
      return [`color.chart.${i + 1}`, oklch(own ? { ...own, h } : { l, c: 0.13, h })]
    }),
  )
}

/** The document with what repair appended laid into the tokens, so that each role stands in it once. */
function settled(source: TokenSource, theme: Theme): TokenSource {
  const document = JSON.parse(JSON.stringify(source.document)) as {
    modifiers: { mode: { contexts: Record<string, unknown[]> } }
  }
  const contexts = document.modifiers.mode.contexts
  for (const [name, sources] of Object.entries(contexts)) {
    const mode = name.startsWith('dark') ? ('dark' as const) : ('light' as const)
    const tokens = theme.resolve({ mode, contrast: name.endsWith('-more') ? 'more' : 'normal' })
    const values = new Map(
      [...tokens.values()].flatMap((token) =>
        token.type === 'color'
          ? [[token.path, { $type: 'color', $value: colorValue(token.value) }] as const]
          : [],
      ),
    )
    contexts[name] = [withValues(sources[0], values)]
  }
  return { ...source, document }
}
