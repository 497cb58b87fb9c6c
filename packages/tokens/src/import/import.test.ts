import { describe, expect, it } from 'vitest'
import { baseSource } from '../base.ts'
import { customProperty, toDeclarations } from '../css.ts'
import { repairTheme } from '../repair/index.ts'
import { composeTheme } from '../theme.ts'
import type { Token } from '../types.ts'
import {
  bridgeCss,
  type Imported,
  importCssVariables,
  importStreamspace,
  importTokensStudio,
  importVscode,
} from './index.ts'

function css(tokens: ReadonlyMap<string, Token>, path: string): string | undefined {
  return new Map(toDeclarations(tokens)).get(customProperty(path))
}

/** What every import must give: a theme that loads whole and can be repaired until it passes. */
function themeOf({ source, mapping }: Imported) {
  const theme = composeTheme(baseSource, source)
  expect(theme.diagnostics.filter(({ code }) => code !== 'TOKEN_UNKNOWN')).toEqual([])
  for (const { to, mode } of mapping) expect(theme.resolve(mode ? { mode } : {}).has(to), to).toBe(true)
  expect(repairTheme(baseSource, source).after.failures).toEqual([])
  return theme
}

const shadcn = `
@import "tailwindcss";
@custom-variant dark (&:is(.dark *));
:root {
  --radius: 0.625rem;
  --background: oklch(0.99 0.005 90);
  --foreground: oklch(0.21 0.02 60);
  --card: var(--background);
  --primary: #7c3aed;
  --primary-foreground: white;
  --destructive: hsl(0 72% 51%);
  --ring: rgb(124 58 237 / 50%);
  --font-sans: "Geist", ui-sans-serif, sans-serif;
  --shadow-sm: 0 1px 2px 0 rgb(0 0 0 / 0.05), inset 0 0 1px #000;
  --sidebar: oklch(0.97 0 0);
}
.dark { --background: oklch(0.2 0.02 60); --foreground: oklch(0.95 0.01 60); --card: oklch(0.24 0.02 60) }
.button { --primary: red }
@theme inline { --color-background: var(--background); }
`

describe('CSS variables', () => {
  const imported = importCssVariables(shadcn, { file: 'globals.css' })

  it('become a theme with a light and a dark mode', () => {
    const theme = themeOf(imported)
    expect(imported.diagnostics).toEqual([])
    expect(imported.source.file).toBe('globals.resolver.json')
    expect(theme.modes).toEqual(['light', 'dark'])
    expect(css(theme.resolve(), 'color.surface.page')).toBe('oklch(0.99 0.005 90)')
    expect(css(theme.resolve({ mode: 'dark' }), 'color.surface.page')).toBe('oklch(0.2 0.02 60)')
    expect(css(theme.resolve(), 'color.surface.base')).toBe('oklch(0.99 0.005 90)')
    expect(css(theme.resolve(), 'color.accent.solid')).toBe('rgb(124 58 237)')
    expect(css(theme.resolve(), 'radius.md')).toBe('0.625rem')
    expect(css(theme.resolve(), 'font.family.sans')).toBe('"Geist", ui-sans-serif, sans-serif')
    expect(css(theme.resolve(), 'shadow.raised')).toBe(
      '0px 1px 2px 0px rgb(0 0 0 / 0.05), inset 0px 0px 1px 0px rgb(0 0 0)',
    )
    expect(imported.unmapped).toContain('--sidebar')
  })

  it('are set from the theme in turn, so that the page keeps its CSS', () => {
    expect(bridgeCss(imported.mapping)).toContain('--background:var(--m-color-surface-page);')
    expect(bridgeCss(imported.mapping)).toContain('--radius:var(--m-radius-md)')
  })

  it('may be bare channels, which are printed as such again', () => {
    const { mapping, source } = importCssVariables(
      ':root { --background: 222.2 84% 4.9%; --ring: 212.7 26.8% 83.9% }',
    )
    const theme = composeTheme(baseSource, source)
    expect(theme.modes).toEqual(['dark'])
    expect(mapping[0]).toEqual({ from: '--background', to: 'color.surface.page', channels: true })
    expect(bridgeCss(mapping, theme.resolve())).toBe(
      ':root{--background:222.2 84% 4.9%;--ring:212.7 26.8% 83.9%}\n',
    )
    expect(bridgeCss(mapping)).toBe(':root{}\n')
  })

  it('of any name are mapped by a table of the caller, through variables that differ by mode', () => {
    const sheet = `:root { --ink-1: #222; --page-ink: var(--ink-1); --paper: #fff }
      @media (prefers-color-scheme: dark) { :root { --ink-1: #eee; --paper: #101010 } }`
    const { source, mapping } = importCssVariables(sheet, {
      roles: { 'color.text.default': '--page-ink', 'color.surface.page': '--paper' },
    })
    const theme = composeTheme(baseSource, source)
    expect(css(theme.resolve({ mode: 'dark' }), 'color.text.default')).toBe('rgb(238 238 238)')
    expect(css(theme.resolve({ mode: 'light' }), 'color.text.default')).toBe('rgb(34 34 34)')
    expect(mapping).toContainEqual({ from: '--paper', to: 'color.surface.page', mode: 'dark' })
  })

  it('that cannot be read are named with line and hint; circles and faults end', () => {
    const { diagnostics, mapping } = importCssVariables(
      ':root {\n --background: url(x.png);\n --foreground: var(--foreground);\n --primary: calc(1px);\n --ring: #zz }\n}} @media (',
    )
    expect(mapping).toEqual([])
    expect(
      diagnostics
        .filter(({ code }) => code === 'TOKEN_INVALID')
        .map(({ line, pointer }) => `${line} ${pointer}`),
    ).toEqual(['2 /--background', '3 /--foreground', '5 /--ring', '4 /--primary'])
  })
})

describe('a VS Code theme', () => {
  const files: Record<string, string> = {
    'themes/base.json':
      '{"include": "./deeper.json", "colors": {"editor.background": "#000000", "focusBorder": "#88aaffcc"}}',
    'themes/deeper.json': '{"colors": {"descriptionForeground": "#b0b0c0", "badge.background": "#00000000"}}',
  }
  const text = `{
    // Night sky
    "name": "Night sky", "type": "dark",
    "include": "./base.json",
    "colors": {
      "editor.background": "#14161f",
      "editor.foreground": "#e6e6f0",
      "button.background": "#5a6cf0",
      "list.activeSelectionBackground": "#5a6cf055",
      "editorError.foreground": "#f06a6a",
      "statusBar.background": "#101018",
      "input.background": "papaya",
    },
    "tokenColors": [],
  }`

  it('is read with what it includes, and laid over its page where it is translucent', async () => {
    const imported = await importVscode(text, { file: 'themes/sky.json', include: (path) => files[path] })
    const theme = themeOf(imported)
    expect(theme.modes).toEqual(['dark'])
    expect(css(theme.resolve(), 'color.surface.base')).toBe('rgb(20 22 31)')
    expect(css(theme.resolve(), 'color.text.muted')).toBe('rgb(176 176 192)')
    expect(css(theme.resolve(), 'color.border.focus')).toBe('rgb(136 170 255 / 0.8)')
    expect(css(theme.resolve(), 'color.accent.soft')).toMatch(/^rgb\([\d. ]+\)$/)
    expect(imported.unmapped).toEqual(expect.arrayContaining(['statusBar.background']))
    expect(imported.diagnostics).toEqual([
      expect.objectContaining({
        pointer: '/colors/input.background',
        file: 'themes/sky.json',
        line: 12,
        column: 27,
      }),
    ])
  })

  it('reports an include that is missing, leaves the folder or comes back', async () => {
    const messages = async (include: string, texts: Record<string, string> = {}) =>
      (
        await importVscode(`{"include": "${include}"}`, { file: 'a/x.json', include: (path) => texts[path] })
      ).diagnostics.map(({ message }) => message)
    expect(await messages('./y.json')).toEqual(['a/y.json is not there.'])
    expect(await messages('../../y.json')).toEqual(['The file cannot be included.'])
    expect(await messages('y.json', { 'a/y.json': '{"include":"x.json"}' })).toEqual([
      'The file includes itself: a/x.json → a/y.json → a/x.json.',
    ])
  })
})

describe('a StreamSpace theme', () => {
  it('maps colors as text or objects, type, spacing, shape and shadows', () => {
    const imported = importStreamspace({
      type: 'theme',
      theme: {
        colors: {
          primary: { main: '#0f766e', dark: '#115e59', contrastText: '#ffffff' },
          secondary: '#b45309',
          background: { default: '#f6f7f4', paper: '#ffffff' },
          text: { primary: '#1c1f1b', secondary: 'rgba(0, 0, 0, 0.6)' },
          error: '#b91c1c',
        },
        typography: { fontFamily: "'Inter', sans-serif", fontSize: 15, fontWeightMedium: 550 },
        spacing: 8,
        shape: { borderRadius: 10 },
        shadows: { small: '0 1px 3px rgba(0,0,0,.2)' },
        components: { button: { textTransform: 'none' } },
      },
    })
    const theme = themeOf(imported)
    expect(imported.diagnostics).toEqual([])
    const shown = (path: string) => css(theme.resolve(), path)
    expect(shown('color.accent.solidHover')).toBe('rgb(17 94 89)')
    expect(shown('color.text.muted')).toBe('rgb(98.4 98.8 97.6)')
    expect(shown('font.size.md')).toBe('15px')
    expect(shown('space.3')).toBe('12px')
    expect(shown('radius.md')).toBe('10px')
    expect(shown('shadow.raised')).toBe('0px 1px 3px 0px rgb(0 0 0 / 0.2)')
    expect(imported.mapping).toContainEqual({ from: 'theme.colors.primary.main', to: 'color.accent.solid' })
    expect(imported.unmapped).toContain('theme.components.button.textTransform')
  })

  it('may leave out most, and is refused where it is no object', () => {
    expect(themeOf(importStreamspace({ colors: { background: '#fff' } })).modes).toEqual(['light'])
    for (const data of [undefined, null, 'x', 3, []])
      expect(importStreamspace(data).diagnostics).toHaveLength(1)
  })
})

describe('a Tokens Studio file', () => {
  const text = JSON.stringify({
    core: {
      grey: { 0: { value: '#ffffff', type: 'color' }, 9: { value: '#111418', type: 'color' } },
      brand: { value: 'hsl(265, 70%, 50%)', type: 'color' },
      spacing: {
        base: { value: '4', type: 'spacing' },
        double: { value: '{spacing.base} * (1 + 1)', type: 'spacing' },
      },
      borderRadius: {
        sm: { value: '{spacing.base}', type: 'borderRadius' },
        md: { value: '6px', type: 'borderRadius' },
      },
      fontFamilies: { body: { value: 'Inter', type: 'fontFamilies' } },
      lead: {
        value: {
          fontFamily: '{fontFamilies.body}',
          fontSize: '18',
          fontWeight: 'Semi Bold',
          lineHeight: '150%',
          letterSpacing: '-2%',
        },
        type: 'typography',
      },
      boxShadow: {
        sm: {
          value: {
            x: '0',
            y: '1',
            blur: '{spacing.base}',
            spread: '0',
            color: 'rgba({grey.9}, 0.2)',
            type: 'dropShadow',
          },
          type: 'boxShadow',
        },
      },
      label: { value: 'Buy', type: 'text' },
      lost: { value: '{nowhere.at.all} * 2', type: 'spacing' },
    },
    light: {
      bg: { default: { value: '{grey.0}', type: 'color' } },
      fg: { default: { value: '{grey.9}', type: 'color' } },
      accent: { default: { value: '{brand}', type: 'color' } },
    },
    dark: {
      bg: { default: { value: '{grey.9}', type: 'color' } },
      fg: { default: { value: '{grey.0}', type: 'color' } },
      accent: { default: { value: '{brand}', type: 'color' } },
    },
    $themes: [
      { name: 'Light', selectedTokenSets: { core: 'source', light: 'enabled' } },
      { name: 'Dark', selectedTokenSets: { core: 'source', dark: 'enabled', light: 'disabled' } },
    ],
    $metadata: { tokenSetOrder: ['core', 'light', 'dark'] },
  })

  it('becomes a theme with its modes, aliases followed and sums worked out', () => {
    const imported = importTokensStudio(text)
    const theme = themeOf(imported)
    expect(theme.modes).toEqual(['light', 'dark'])
    expect(css(theme.resolve({ mode: 'dark' }), 'color.surface.page')).toBe('rgb(17 20 24)')
    expect(css(theme.resolve({ mode: 'light' }), 'color.text.default')).toBe('rgb(17 20 24)')
    expect(css(theme.resolve(), 'radius.sm')).toBe('4px')
    expect(css(theme.resolve(), 'font.family.sans')).toBe('"Inter"')
    expect(css(theme.resolve(), 'shadow.raised')).toBe('0px 1px 4px 0px rgb(17 20 24 / 0.2)')
    expect(imported.diagnostics).toMatchObject([
      { pointer: '/core/lost/value', message: '{nowhere.at.all} leads nowhere.', line: 1 },
    ])
    const document = imported.source.files?.['light.tokens.json'] as Record<string, Record<string, unknown>>
    expect(document.spacing?.double).toEqual({ $type: 'dimension', $value: { value: 8, unit: 'px' } })
    expect(document.lead).toMatchObject({
      $value: { fontWeight: 600, lineHeight: 1.5, letterSpacing: { value: -0.02, unit: 'em' } },
    })
    expect(document.label).toBeUndefined()
  })

  it('without themes takes light and dark sets as modes and leaves other looks out', () => {
    const color = (value: string) => ({ default: { $value: value, $type: 'color' } })
    const sizes = {
      body: { $value: '16', $type: 'fontSizes' },
      h1: { $value: 'roundTo({fontSizes.body} * 1.25^2)', $type: 'fontSizes' },
      h2: { $value: 'roundTo({fontSizes.body} / 3, 1) + floor(2.7)', $type: 'fontSizes' },
      both: { $value: '{fontSizes.body} {fontSizes.body}', $type: 'spacing' },
    }
    const file = {
      core: { fontSizes: sizes },
      light: { bg: color('#ffffff'), fg: color('#111111') },
      dark: { bg: color('#101418'), fg: color('#f4f4f4') },
      grape: { bg: color('#efe4ff'), fg: color('#2a1050') },
    }
    const { source, diagnostics } = importTokensStudio(JSON.stringify(file, null, 1))
    const theme = composeTheme(baseSource, source)
    expect(css(theme.resolve({ mode: 'light' }), 'color.surface.page')).toBe('rgb(255 255 255)')
    expect(css(theme.resolve({ mode: 'dark' }), 'color.surface.page')).toBe('rgb(16 20 24)')
    expect(diagnostics.map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([
      '/grape The set grape holds the same tokens as light or dark and was left out.',
      '/core/fontSizes/both/value Not a number or a sum of numbers.',
    ])
    const document = source.files?.['dark.tokens.json'] as { fontSizes: Record<string, { $value: unknown }> }
    expect(document.fontSizes.h1?.$value).toEqual({ value: 25, unit: 'px' })
    expect(document.fontSizes.h2?.$value).toEqual({ value: 7.3, unit: 'px' })
  })

  it('of one set, or in the newer notation, is a theme too', () => {
    const { source, mapping } = importTokensStudio(
      '{"colors": {"background": {"$value": "#0b0c10", "$type": "color"}, "primary": {"$value": "{colors.background}", "$type": "color"}}}',
    )
    expect(composeTheme(baseSource, source).modes).toEqual(['dark'])
    expect(mapping.map(({ to }) => to)).toEqual(['color.surface.page', 'color.accent.solid'])
  })
})
