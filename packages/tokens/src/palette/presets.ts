import { deltaE, oklch } from '../color/convert.ts'
import { contrast } from '../contrast.ts'
import { type Patches, patchSource, type Written } from '../repair/patch-source.ts'
import { repairTheme } from '../repair/repair-theme.ts'
import { type ColorVision, simulateVision } from '../repair/vision.ts'
import { modifierContexts } from '../resolver.ts'
import { composeTheme, type ThemeContext } from '../theme.ts'
import type { Color, Dimension, Token, TokenSource } from '../types.ts'
import { riskAliases, statusRoles } from './roles.ts'

/** What an accessibility layer does to a theme. */
export const presets = {
  'high-contrast': 'Shows the high contrast colors always, not only to those whose system asks for them.',
  'large-type': 'Text, icons and controls a quarter larger, lines further apart.',
  'dyslexia-friendly': 'A sturdy typeface, text a tenth larger, lines further apart.',
  'color-blind-safe': 'States and charts in colors that differ to all kinds of color vision.',
} as const

export type Preset = keyof typeof presets

type Values = Map<string, Color | Written>

/**
 * A theme with an accessibility layer over it. Layers can be put one over the other.
 *
 * @param base - Trusted: usually `baseSource` of `@mortise/tokens/base`.
 * @param source - The theme; an empty token file for the base set itself.
 */
export function withPreset(base: TokenSource, source: TokenSource, preset: Preset): TokenSource {
  const theme = composeTheme(base, source)
  const own = modifierContexts(source.document).get('mode') ?? []
  const names = [...new Set<string>([...theme.modes, ...own.filter((name) => name.endsWith('-more'))])]
  const patches: Patches = new Map(
    names.map((name) => {
      const mode = name.startsWith('dark') ? ('dark' as const) : ('light' as const)
      const contrastLevel: ThemeContext['contrast'] = name.endsWith('-more') ? 'more' : 'normal'
      return [
        name,
        layerOf(preset, (part) => theme.resolve({ mode, contrast: contrastLevel, ...part }), name),
      ]
    }),
  )
  const layered = patchSource(source, patches)
  return preset === 'large-type' || preset === 'dyslexia-friendly'
    ? layered
    : repairTheme(base, layered).source
}

type Resolve = (context: Partial<ThemeContext>) => ReadonlyMap<string, Token>

function layerOf(preset: Preset, resolve: Resolve, name: string): Values {
  switch (preset) {
    case 'high-contrast':
      return new Map(
        [...resolve({ contrast: 'more' }).values()].flatMap((token) =>
          token.type === 'color' ? [[token.path, token.value] as const] : [],
        ),
      )
    case 'large-type':
      return new Map([...scaled(resolve({}), /^(font\.size|size)\./, 1.25), ...loose(1.4, 1.65)])
    case 'dyslexia-friendly': {
      const $value = ['Atkinson Hyperlegible', 'Lexend', 'Verdana', 'Tahoma', 'sans-serif']
      return new Map<string, Color | Written>([
        ...scaled(resolve({}), /^font\.size\./, 1.1),
        ...loose(1.45, 1.75),
        ['font.family.sans', { $type: 'fontFamily', $value }],
      ])
    }
    case 'color-blind-safe':
      return safeColors(resolve({}), name)
    default:
      return preset satisfies never
  }
}

function scaled(tokens: ReadonlyMap<string, Token>, paths: RegExp, factor: number): Values {
  return new Map(
    [...tokens.values()].flatMap((token) => {
      if (token.type !== 'dimension' || !paths.test(token.path)) return []
      return [[token.path, { $type: 'dimension', $value: enlarged(token.value, factor) }] as const]
    }),
  )
}

function enlarged({ value, unit }: Dimension, factor: number): Dimension {
  const most = unit === 'px' ? 48 : 3
  return { value: Number(Math.min(most, value * factor).toFixed(3)), unit }
}

function loose(tight: number, normal: number): Values {
  return new Map([
    ['font.lineHeight.tight', { $type: 'number', $value: tight }],
    ['font.lineHeight.normal', { $type: 'number', $value: normal }],
  ])
}

/** Blue for good, amber for care, vermilion for danger: apart in hue to most, in lightness to all. */
function safeColors(tokens: ReadonlyMap<string, Token>, context: string): Values {
  const dark = context.startsWith('dark')
  const states = { success: [0.13, 245], warning: [0.12, 85], danger: [0.19, 35], info: [0.06, 285] } as const
  const values: Values = new Map()
  for (const [name, [c, h]] of Object.entries(states)) {
    for (const [path, color] of Object.entries(statusRoles(name, { l: 0.55, c, h }, dark)))
      values.set(path, color)
  }
  for (const [path, target] of Object.entries(riskAliases)) values.set(path, values.get(target)!)
  const grounds = ['page', 'base', 'raised'].flatMap((name) => {
    const token = tokens.get(`color.surface.${name}`)
    return token?.type === 'color' ? [token.value] : []
  })
  for (const [i, color] of distinct(6, grounds, context.endsWith('-more') ? 4.6 : 3.1).entries())
    values.set(`color.chart.${i + 1}`, color)
  return values
}

/** Colors readable on the grounds that are as far apart as can be for every kind of vision, one after the other. */
function distinct(count: number, grounds: readonly Color[], least: number): Color[] {
  const kinds: readonly ColorVision[] = ['protan', 'deutan', 'tritan']
  const candidates = Array.from({ length: 12 * 18 }, (_, i) => {
    const color = oklch({ l: 0.34 + (i % 12) * 0.05, c: 0.14, h: Math.floor(i / 12) * 20 + 5 })
    return { color, seen: [color, ...kinds.map((kind) => simulateVision(color, kind))] }
  }).filter(({ color }) => grounds.every((ground) => contrast(color, ground) >= least))
  const blue = candidates.toSorted((a, b) => fromBlue(a.color) - fromBlue(b.color))[0]
  const chosen = blue ? [blue] : []
  while (chosen.length < count && candidates.length > 0) {
    const apart = (candidate: (typeof candidates)[number]) =>
      Math.min(...chosen.flatMap(({ seen }) => seen.map((color, i) => deltaE(color, candidate.seen[i]!))))
    chosen.push(candidates.reduce((best, next) => (apart(next) > apart(best) ? next : best)))
  }
  return chosen.map(({ color }) => color)
}

function fromBlue({ components: [l, , h] }: Color): number {
  return Math.abs(Number(h) - 255) + Math.abs(Number(l) - 0.55) * 100
}
