import { describe, expect, it } from 'vitest'
import { readSource, root } from '../../test/read-package.ts'
import { baseSource } from '../base.ts'
import { customProperty, toDeclarations } from '../css.ts'
import { checkTheme } from '../gate/index.ts'
import { deltaE, lchOf, lookAlikes } from '../repair/index.ts'
import { composeTheme } from '../theme.ts'
import type { Color, Token, TokenSource } from '../types.ts'
import { presets, themeFromBrand, withOtherMode, withPreset } from './index.ts'

const empty: TokenSource = { file: 'theme.tokens.json', document: {} }

function css(tokens: ReadonlyMap<string, Token>, path: string): string | undefined {
  return new Map(toDeclarations(tokens)).get(customProperty(path))
}

function colorOf(tokens: ReadonlyMap<string, Token>, path: string): Color {
  const token = tokens.get(path)
  if (token?.type !== 'color') throw new Error(`${path} is no color.`)
  return token.value
}

describe('a theme from brand colors', () => {
  it.each([
    [['#e11d48']],
    [['#facc15']],
    [['#ffffff']],
    [['#000000']],
    [['#00ff00', '#ff00ff']],
    [['oklch(0.6 0.2 300)', 'hsl(200 80% 50%)', 'tomato']],
    [['#808080']],
  ])('out of %o passes in every mode, with every color role of its own', (brand) => {
    const { source, theme } = themeFromBrand(baseSource, { brand })
    const report = checkTheme(composeTheme(baseSource, source))
    expect(report.failures).toEqual([])
    expect(theme.diagnostics).toEqual([])
    expect(theme.modes).toEqual(['light', 'dark'])
    const base = composeTheme(baseSource)
    for (const [path, token] of theme.resolve({ mode: 'dark', contrast: 'more' })) {
      if (token.type !== 'color' || path === 'color.text.onAccent') continue
      expect(token.file, path).toBe('theme.resolver.json')
    }
    expect(toDeclarations(theme.resolve())).not.toEqual(toDeclarations(base.resolve()))
  })

  it('keeps the brand color as the accent where that can be read', () => {
    const { theme, repairs } = themeFromBrand(baseSource, { brand: ['#7c3aed', '#0f766e'] })
    const violet: Color = { space: 'srgb', components: [0x7c / 255, 0x3a / 255, 0xed / 255], alpha: 1 }
    expect(deltaE(colorOf(theme.resolve(), 'color.accent.solid'), violet)).toBeLessThan(0.02)
    expect(colorOf(theme.resolve(), 'color.chart.2').components[2]).toBeCloseTo(185, -1)
    expect(repairs.filter(({ context }) => context === 'light').every((one) => one.deltaE < 0.12)).toBe(true)
  })

  it('refuses what is no color, and the wrong number of them', () => {
    for (const brand of [[], ['#1', '#222', '#333', '#444'], ['url(x)'], ['#12345']]) {
      expect(() => themeFromBrand(baseSource, { brand })).toThrow(
        expect.objectContaining({ code: 'TOKEN_INVALID' }),
      )
    }
  })
})

describe('an accessibility layer', () => {
  const themes: readonly (readonly [string, TokenSource])[] = [
    ['the base set', empty],
    [
      'a dark token file',
      {
        file: 'd.tokens.json',
        document: { color: { surface: { page: { $type: 'color', $value: '#16121f' } } } },
      },
    ],
    ['a brand theme', themeFromBrand(baseSource, { brand: ['#e11d48'] }).source],
  ]
  const cases = themes.flatMap(([name, source]) =>
    (Object.keys(presets) as (keyof typeof presets)[]).map((preset) => ({ name, source, preset })),
  )

  it.each(cases)('$preset over $name loads whole and passes', ({ source, preset }) => {
    const before = composeTheme(baseSource, source)
    const theme = composeTheme(baseSource, withPreset(baseSource, source, preset))
    expect(theme.diagnostics).toEqual([])
    expect(theme.modes).toEqual(before.modes)
    if (checkTheme(before).passes) expect(checkTheme(theme).failures).toEqual([])
    for (const mode of theme.modes) {
      const [old, now] = [before.resolve({ mode }), theme.resolve({ mode })]
      switch (preset) {
        case 'high-contrast':
          expect(css(now, 'color.text.muted')).toBe(
            css(before.resolve({ mode, contrast: 'more' }), 'color.text.muted'),
          )
          break
        case 'large-type':
          expect(Number.parseFloat(css(now, 'font.size.md')!)).toBeCloseTo(
            Number.parseFloat(css(old, 'font.size.md')!) * 1.25,
            2,
          )
          break
        case 'dyslexia-friendly':
          expect(css(now, 'font.family.sans')).toContain('"Atkinson Hyperlegible"')
          break
        case 'color-blind-safe':
          expect(lookAlikes(now, 0.05)).toEqual([])
      }
    }
  })

  it('can be put over another', () => {
    const large = withPreset(baseSource, empty, 'large-type')
    const theme = composeTheme(baseSource, withPreset(baseSource, large, 'color-blind-safe'))
    expect(css(theme.resolve(), 'font.lineHeight.normal')).toBe('1.65')
    expect(lookAlikes(theme.resolve())).toEqual([])
  })
})

describe('the other mode of a theme that has one', () => {
  const color = (hex: string) => ({ $type: 'color', $value: hex })
  const file = (page: string, text: string, accent: string): TokenSource => ({
    file: 'theme.tokens.json',
    document: {
      color: {
        surface: { page: color(page) },
        text: { default: color(text) },
        accent: { solid: color(accent) },
      },
      radius: { md: { $type: 'dimension', $value: { value: 14, unit: 'px' } } },
    },
  })
  const midnight = readSource(`${root}examples/theme-midnight`, 'theme.tokens.json')

  it.each([
    ['a light file', file('#fdf6ec', '#2a2118', '#b4541f'), 'light'],
    ['a dark file', file('#0d1117', '#e6edf3', '#2f81f7'), 'dark'],
    ['a grey file', file('#ffffff', '#000000', '#555555'), 'light'],
    ['the Midnight theme', midnight, 'dark'],
  ] as const)('is drawn for %s, can be read, and leaves the first as it was', (_name, source, mode) => {
    const before = composeTheme(baseSource, source)
    expect(before.modes).toEqual([mode])
    const other = mode === 'dark' ? 'light' : 'dark'
    const made = withOtherMode(baseSource, source)
    const after = composeTheme(baseSource, made)
    expect(new Set(after.modes)).toEqual(new Set(['light', 'dark']))
    expect(after.diagnostics.filter(({ code }) => code !== 'TOKEN_UNKNOWN')).toEqual([])
    expect(toDeclarations(after.resolve({ mode }))).toEqual(toDeclarations(before.resolve({ mode })))

    const old = checkTheme(before).failures.length
    const failing = checkTheme(after).failures.filter(({ contexts }) =>
      contexts.some((context) => context.mode === other && context.contrast === 'normal'),
    )
    expect(failing).toEqual([])
    expect(checkTheme(after).failures.length).toBeLessThanOrEqual(old)

    const [page, text] = ['color.surface.page', 'color.text.default'].map((path) =>
      lchOf(colorOf(after.resolve({ mode: other }), path)),
    )
    expect(page!.l > text!.l).toBe(other === 'light')
    const hue = (theme: typeof after, of: 'light' | 'dark') =>
      lchOf(colorOf(theme.resolve({ mode: of }), 'color.accent.solid'))
    const [from, to] = [hue(before, mode), hue(after, other)]
    if (from.c > 0.03) expect(Math.abs(from.h - to.h)).toBeLessThan(12)
    // What is no color is the same in both.
    expect(css(after.resolve({ mode: other }), 'radius.md')).toBe(css(after.resolve({ mode }), 'radius.md'))
    // There is nothing left to draw.
    expect(withOtherMode(baseSource, made)).toBe(made)
  })
})
