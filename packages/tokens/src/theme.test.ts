import { describe, expect, it } from 'vitest'
import { baseSource } from './base.ts'
import { checkTheme, checkTokens, themePermutations } from './gate/index.ts'
import {
  composeTheme,
  customProperty,
  declarationsIn,
  resolveTokens,
  type ThemeContext,
  type TokenSource,
  themeDeclarations,
  themeRules,
  themeStylesheet,
  toDeclarations,
} from './index.ts'
import { baseTokenPaths, tokenVar } from './token-var.ts'

const base = composeTheme(baseSource)
const oklch = (...components: number[]) => ({ $type: 'color', $value: { colorSpace: 'oklch', components } })
const compose = (document: unknown) => composeTheme(baseSource, { document, file: 'theme.tokens.json' })
const css = (theme: ReturnType<typeof composeTheme>, context = {}) =>
  Object.fromEntries(toDeclarations(theme.resolve(context)))

it('gives the base set in every context the same names, without a diagnostic', () => {
  expect(resolveTokens([baseSource]).diagnostics).toEqual([])
  for (const mode of ['light', 'dark'] as const) {
    for (const contrast of ['normal', 'more'] as const) {
      expect([...base.resolve({ mode, contrast }).keys()]).toEqual([...baseTokenPaths])
    }
  }
})

it.each([
  ['light', 'normal'],
  ['light', 'more'],
  ['dark', 'normal'],
  ['dark', 'more'],
] as const)('keeps every pair of roles readable in %s with %s contrast', (mode, contrast) => {
  expect(checkTokens(base.resolve({ mode, contrast }), contrast)).toEqual([])
})

it('names the pairs a theme makes unreadable, worst first', () => {
  const theme = compose({ color: { text: { default: oklch(0.99, 0, 0) } } })
  const { failures } = checkTheme(theme)
  expect(failures[0]).toMatchObject({ foreground: 'color.text.default', leastRatio: 4.5 })
  expect(failures.map(({ background }) => background)).toContain('color.surface.overlay')
})

it('counts a missing role as unreadable', () => {
  const tokens = new Map(base.resolve())
  tokens.delete('color.surface.page')
  expect(checkTokens(tokens, 'normal')[0]).toMatchObject({ background: 'color.surface.page', ratio: 1 })
})

it('lets a theme override base tokens and what aliases them', () => {
  const theme = compose({
    color: { accent: { text: oklch(0.4, 0.1, 150) } },
    radius: { sm: { $type: 'dimension', $value: { value: 2, unit: 'px' } } },
  })
  expect(theme.diagnostics).toEqual([])
  expect(theme.modes).toEqual(['light', 'dark'])
  expect(css(theme)).toMatchObject({
    '--m-color-accent-text': 'oklch(0.4 0.1 150)',
    '--m-color-text-link': 'oklch(0.4 0.1 150)',
    '--m-radius-sm': '2px',
    '--m-radius-md': css(base)['--m-radius-md'],
  })
})

it('gives high contrast colors of the base set over a theme without its own', () => {
  const theme = compose({
    color: { text: { muted: oklch(0.5, 0, 0) } },
    radius: { sm: { $type: 'dimension', $value: { value: 2, unit: 'px' } } },
  })
  const more = css(theme, { contrast: 'more' })
  expect(more['--m-color-text-muted']).toBe(css(base, { contrast: 'more' })['--m-color-text-muted'])
  expect(more['--m-radius-sm']).toBe('2px')
})

it('has one mode where a token file sets the page color', () => {
  const dark = compose({ color: { surface: { page: oklch(0.2, 0.05, 280) } } })
  expect(dark.modes).toEqual(['dark'])
  expect(css(dark, { mode: 'light' })['--m-color-text-default']).toBe(
    css(base, { mode: 'dark' })['--m-color-text-default'],
  )
  expect(themeStylesheet(dark)).not.toContain('color-scheme:light')
  expect(compose({ color: { surface: { page: oklch(0.95, 0.05, 80) } } }).modes).toEqual(['light'])
  expect(compose({ color: { surface: { page: { $type: 'color', $value: 'url(x)' } } } }).modes).toEqual([
    'light',
    'dark',
  ])
})

it('takes modes and high contrast from a resolver document', () => {
  const page = (l: number) => [{ color: { surface: { page: oklch(l, 0, 0) } } }]
  const theme = composeTheme(baseSource, {
    document: {
      modifiers: { mode: { contexts: { light: page(0.9), dark: page(0.3), 'dark-more': page(0.05) } } },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }],
    },
  })
  const pageOf = (context: object) => css(theme, context)['--m-color-surface-page']
  expect(theme).toMatchObject({ modes: ['light', 'dark'], diagnostics: [] })
  expect(pageOf({ mode: 'light' })).toBe('oklch(0.9 0 0)')
  expect(pageOf({ mode: 'dark' })).toBe('oklch(0.3 0 0)')
  expect(pageOf({ mode: 'dark', contrast: 'more' })).toBe('oklch(0.05 0 0)')
  expect(pageOf({ mode: 'light', contrast: 'more' })).toBe(
    css(base, { contrast: 'more' })['--m-color-surface-page'],
  )
})

it('reports tokens the base set does not have, but not a palette that is used', () => {
  const theme = compose({
    palette: { ink: oklch(0.2, 0, 0), spare: oklch(0.3, 0, 0) },
    color: { text: { default: { $value: '{palette.ink}' } } },
  })
  expect(theme.diagnostics).toEqual([
    {
      code: 'TOKEN_UNKNOWN',
      file: 'theme.tokens.json',
      pointer: '/palette/spare',
      message: 'The base set has no palette.spare.',
    },
  ])
  expect(css(theme)['--m-color-text-default']).toBe('oklch(0.2 0 0)')
  expect(themeStylesheet(theme)).not.toContain('palette')
})

it('refuses values outside the limits of their role and keeps the base value', () => {
  const dimension = (value: number, unit = 'px') => ({ $type: 'dimension', $value: { value, unit } })
  const far = { color: '#000', offsetX: { value: 5000, unit: 'px' }, offsetY: { value: 0, unit: 'px' } }
  const theme = compose({
    font: {
      size: { md: dimension(0), lg: dimension(60, 'rem') },
      lineHeight: { normal: { $type: 'number', $value: 0 } },
    },
    space: { 1: dimension(-900) },
    size: { control: { md: dimension(4000) } },
    shadow: { raised: { $type: 'shadow', $value: far } },
    color: {
      surface: { overlay: { $type: 'color', $value: '#fff0' } },
      text: { muted: { $type: 'number', $value: 1 } },
    },
  })
  expect(css(theme)).toEqual(css(base))
  expect(theme.diagnostics).toHaveLength(8)
  expect(new Set(theme.diagnostics.map(({ code }) => code))).toEqual(new Set(['TOKEN_INVALID']))
})

it('survives a theme that is not an object', () => {
  for (const document of [null, [], 'x', 1]) {
    const theme = compose(document)
    expect(css(theme)).toEqual(css(base))
    expect(theme.diagnostics).toMatchObject([{ code: 'TOKEN_FILE_INVALID' }])
  }
})

it('names custom properties by path, letter case kept', () => {
  expect(tokenVar('color.text.onAccent')).toBe('var(--m-color-text-onAccent)')
  expect(customProperty('a b.ü;}.c')).toBe('--m-a_20_b-_fc__3b__7d_-c')
})

it('says each property only in the rules where it differs', () => {
  const css = themeStylesheet(composeTheme(baseSource))
  expect(css.match(/--m-radius-md:/g)).toHaveLength(1)
  expect(css.length).toBeLessThan(30_000)
})

describe('rules', () => {
  const axes: TokenSource = {
    document: {
      modifiers: {
        mode: {
          contexts: {
            light: [{ color: { text: { default: { $type: 'color', $value: '#111111' } } } }],
            dark: [{ color: { text: { default: { $type: 'color', $value: '#eeeeee' } } } }],
          },
        },
        density: {
          contexts: {
            cosy: [],
            compact: [{ radius: { sm: { $type: 'dimension', $value: { value: 1, unit: 'px' } } } }],
          },
        },
        direction: {
          contexts: {
            ltr: [],
            rtl: [{ color: { text: { default: { $type: 'color', $value: '#222222' } } } }],
          },
        },
        brand: {
          contexts: {
            oak: [],
            pine: [{ color: { accent: { solid: { $type: 'color', $value: '#1e5a3a' } } } }],
          },
        },
      },
      resolutionOrder: ['mode', 'density', 'direction', 'brand'].map((axis) => ({
        $ref: `#/modifiers/${axis}`,
      })),
    },
  }
  const theme = composeTheme(baseSource, axes)

  it('say in every permutation what the theme says there', () => {
    const rules = themeRules(theme)
    const permutations = themePermutations(theme)
    expect(permutations).toHaveLength(64)
    for (const context of permutations) {
      const expected = Object.fromEntries(themeDeclarations(theme, context))
      expect(Object.fromEntries(declarationsIn(rules, { ...context }))).toEqual(expected)
    }
  })

  it('leave out what is settled, and hold it', () => {
    const fixed = { mode: 'dark', brand: 'pine' } as const
    const rules = themeRules(theme, fixed)
    expect(rules.some(({ when }) => 'mode' in when || 'brand' in when)).toBe(false)
    const expected = Object.fromEntries(themeDeclarations(theme, { ...fixed, direction: 'rtl' }))
    expect(Object.fromEntries(declarationsIn(rules, { mode: 'light', direction: 'rtl' }))).toEqual(expected)
  })

  it.each<Partial<ThemeContext>>([
    { mode: 'dark' },
    { contrast: 'more' },
    { density: 'compact' },
    { motion: 'reduced' },
    { direction: 'rtl' },
    { brand: 'pine' },
    { mode: 'dark', density: 'compact' },
  ])('name only the properties that %o changes', (context) => {
    const before = new Map(themeDeclarations(theme))
    const differing = themeDeclarations(theme, context)
      .filter(([name, value]) => before.get(name) !== value)
      .map(([name]) => name)
    const said = themeRules(theme)
      .filter(({ when }) => Object.keys(when).length > 0)
      .filter(({ when }) => Object.entries(when).every(([axis, value]) => context[axis as 'mode'] === value))
      .flatMap(({ declarations }) => declarations.map(([name]) => name))
    expect(new Set(said)).toEqual(new Set(differing))
    expect(differing.length).toBeGreaterThan(0)
  })
})

describe('brand and direction', () => {
  const branded: TokenSource = {
    document: {
      modifiers: {
        brand: {
          contexts: {
            oak: [{ color: { accent: { solid: { $type: 'color', $value: '#7a4a1e' } } } }],
            pine: [{ color: { accent: { solid: { $type: 'color', $value: '#1e5a3a' } } } }],
            'a}b{c': [{ color: { accent: { solid: { $type: 'color', $value: '#000000' } } } }],
          },
          default: 'pine',
        },
        direction: {
          contexts: {
            ltr: [],
            rtl: [
              { font: { family: { sans: { $type: 'fontFamily', $value: ['Vazirmatn', 'sans-serif'] } } } },
            ],
          },
        },
      },
      resolutionOrder: [{ $ref: '#/modifiers/brand' }, { $ref: '#/modifiers/direction' }],
    },
  }
  const theme = composeTheme(baseSource, branded)

  it('are axes of a theme that has them, the default brand first', () => {
    expect(theme.brands).toEqual(['pine', 'oak'])
    expect(theme.directions).toEqual(['ltr', 'rtl'])
    expect(composeTheme(baseSource)).toMatchObject({ brands: [], directions: ['ltr'] })
  })

  it('resolve apart and together, and fall back to the default', () => {
    const shown = (context: Partial<ThemeContext>) => {
      const values = new Map(toDeclarations(theme.resolve(context)))
      return [values.get('--m-color-accent-solid'), values.get('--m-font-family-sans')?.split(',')[0]]
    }
    const [pine, oak] = ['rgb(30 90 58)', 'rgb(122 74 30)']
    const sans = shown({})[1]
    expect(shown({})).toEqual([pine, sans])
    expect(shown({ brand: 'oak' })).toEqual([oak, sans])
    expect(shown({ brand: 'oak', direction: 'rtl' })).toEqual([oak, '"Vazirmatn"'])
    expect(shown({ brand: 'a}b{c' })).toEqual([pine, sans])
    expect(shown({ brand: 'nobody' })).toEqual([pine, sans])
  })
})
