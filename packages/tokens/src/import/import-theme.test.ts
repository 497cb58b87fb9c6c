import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { baseSource } from '../base.ts'
import { exportFigma } from '../export/index.ts'
import { composeTheme } from '../index.ts'
import { deltaE, hexOf, repairTheme } from '../repair/index.ts'
import type { TokenSource } from '../types.ts'
import { importTheme, readScriptObject } from './index.ts'

const folder = new URL('../../test/files/figma-export/', import.meta.url)
const figma = new Map(
  ['Light.tokens.json', 'Dark.tokens.json'].map((name) => [
    name,
    readFileSync(new URL(name, folder), 'utf8'),
  ]),
)
const files = (...entries: (readonly [string, unknown])[]) =>
  new Map(entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))

function colorOf(source: TokenSource, path: string, mode: 'light' | 'dark' = 'light'): string {
  const token = composeTheme(baseSource, source).resolve({ mode }).get(path)
  return token?.type === 'color' ? hexOf(token.value) : 'no color'
}

describe('a Figma export with a file for each mode and names of its own', () => {
  it('gives each role the token whose name says what it is for', async () => {
    const { source, format, mapping, unmapped } = await importTheme(baseSource, figma)
    expect(format).toBe('Design tokens (DTCG)')
    expect(composeTheme(baseSource, source).modes).toEqual(['light', 'dark'])
    expect(colorOf(source, 'color.surface.page')).toBe('#fdf9f2')
    expect(colorOf(source, 'color.surface.page', 'dark')).toBe('#100e0a')
    expect(colorOf(source, 'color.text.onAccent')).toBe('#ffffff')
    expect(mapping).toContainEqual({ from: 'Text.On accent', to: 'color.text.onAccent', mode: 'light' })
    expect(unmapped).toEqual([])
  })

  it('makes lengths and fonts of the numbers and strings that Figma has', async () => {
    const { source } = await importTheme(baseSource, figma)
    const tokens = composeTheme(baseSource, source).resolve()
    expect(tokens.get('radius.md')?.value).toEqual({ value: 14, unit: 'px' })
    expect(tokens.get('font.family.sans')?.value).toEqual(['Georgia'])
  })

  it('says of each fault where it is and what to do', async () => {
    const { diagnostics } = await importTheme(baseSource, figma)
    expect(
      diagnostics.map(({ code, file, line, pointer, hint }) => [code, file, line, pointer, hint]),
    ).toEqual([
      [
        'TOKEN_DEPRECATED',
        'Light.tokens.json',
        34,
        '/Accent/Hover/$value',
        'Point at the token that took its place.',
      ],
      [
        'TOKEN_ALIAS_UNKNOWN',
        'Light.tokens.json',
        30,
        '/Border/Focus/$value',
        'Did you mean {primitives.clay.500}?',
      ],
      [
        'TOKEN_INVALID',
        'Light.tokens.json',
        36,
        '/Danger/Default/$value',
        'Color names are not part of the format; write #rrggbb.',
      ],
      [
        'TOKEN_ALIAS_CYCLE',
        'Light.tokens.json',
        41,
        '/Loop/B/$value',
        'Give one of the tokens in the circle a value of its own.',
      ],
    ])
  })

  it('can be repaired', async () => {
    const { source } = await importTheme(baseSource, figma)
    const { repairs, after } = repairTheme(baseSource, source)
    expect(repairs.map(({ path, context }) => `${context} ${path}`)).toEqual([
      'light color.text.muted',
      'light color.text.link',
    ])
    expect(after.passes).toBe(true)
  })
})

it('reads back what it exports for Figma', async () => {
  const theme = composeTheme(baseSource)
  const { source, diagnostics } = await importTheme(baseSource, new Map(Object.entries(exportFigma(theme))))
  expect(diagnostics).toEqual([])
  const back = composeTheme(baseSource, source)
  expect(back.modes).toEqual(['light', 'dark'])
  for (const context of [{ mode: 'light' }, { mode: 'dark' }, { mode: 'dark', contrast: 'more' }] as const) {
    for (const [path, token] of theme.resolve(context)) {
      const now = back.resolve(context).get(path)!
      if (token.type !== 'color' || now.type !== 'color') continue
      expect(deltaE(token.value, now.value), `${path} ${JSON.stringify(context)}`).toBeLessThan(0.003)
    }
  }
})

it('takes a package by its manifest, and leaves its roles as they are', async () => {
  const texts = files(
    ['manifest.json', { contributes: { themes: [{ path: 'b.tokens.json' }] } }],
    ['a.tokens.json', { color: { text: { link: { $type: 'color', $value: '#111111' } } } }],
    ['b.tokens.json', { color: { text: { link: { $type: 'color', $value: '#222222' } } } }],
  )
  const { source, name } = await importTheme(baseSource, texts)
  expect(source.document).toEqual(JSON.parse(texts.get('b.tokens.json')!))
  expect(name).toBe('B')
})

it('takes light and dark of a resolver document under another name', async () => {
  const page = (value: string) => [{ color: { surface: { page: { $type: 'color', $value: value } } } }]
  const document = {
    modifiers: { theme: { contexts: { light: page('#fafafa'), dark: page('#0a0a0a') }, default: 'light' } },
    resolutionOrder: [{ $ref: '#/modifiers/theme' }],
  }
  const { source } = await importTheme(baseSource, files(['x.resolver.json', document]))
  expect(colorOf(source, 'color.surface.page', 'dark')).toBe('#0a0a0a')
})

describe('what each other file is', () => {
  it.each([
    ['CSS variables', 'globals.css', ':root{--primary:#7c3aed}'],
    ['VS Code theme', 'night.jsonc', '{ // dark\n"type":"dark","colors":{"editor.background":"#101014"} }'],
    ['StreamSpace theme', 'ocean.json', { type: 'theme', theme: { colors: { primary: '#0369a1' } } }],
    [
      'StreamSpace theme',
      'ocean.js',
      'module.exports = { type: "theme", theme: { colors: { primary: "#0369a1" } } }',
    ],
    [
      'Tokens Studio file',
      'ts.json',
      { global: { accent: { default: { value: '#0369a1', type: 'color' } } } },
    ],
  ])('%s from %s', async (format, name, content) => {
    const imported = await importTheme(baseSource, files([name, content]))
    expect(imported.format).toBe(format)
    expect(imported.mapping.length).toBeGreaterThan(0)
  })

  it('refuses files in which nothing is a theme, and says why', async () => {
    for (const [name, content] of [
      ['a.png', ''],
      ['empty.css', 'body{color:red}'],
      ['list.json', '[1,2]'],
      ['broken.js', 'export default {'],
    ] as const) {
      await expect(importTheme(baseSource, files([name, content])), name).rejects.toMatchObject({
        code: 'TOKEN_FILE_INVALID',
      })
    }
  })
})

describe('a script that holds a theme', () => {
  it('is read and not run', () => {
    const text = `
      globalThis.ran = true
      const blue = '#0369a1'
      const sizes = { unit: 8 }
      export default {
        colors: { primary: blue, 'on-primary': \`#\${'fff'}\`, ...{ page: '#fff' } },
        spacing: { unit: sizes.unit, less: -4 },
        made: makeIt(),
        shout() { return 1 },
      }`
    const { value, diagnostics } = readScriptObject(text)
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      colors: { primary: '#0369a1', 'on-primary': '#fff', page: '#fff' },
      spacing: { unit: 8, less: -4 },
    })
    expect(diagnostics.map(({ line, column }) => [line, column])).toEqual([
      [8, 15],
      [9, 9],
    ])
    expect((globalThis as { ran?: boolean }).ran).toBeUndefined()
  })

  it.each([
    ['circles', 'const a = b, b = a\nexport default { a }'],
    ['deep nesting', `export default ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['prototypes', 'export default { __proto__: { x: 1 }, constructor: { prototype: 1 } }'],
    [
      'growth',
      `const a = 'xxxxxxxxxx'\n${Array.from({ length: 30 }, (_, i) => `const a${i} = \`\${a${i - 1 < 0 ? '' : i - 1}}\${a${i - 1 < 0 ? '' : i - 1}}\``).join('\n')}\nexport default { a: a29 }`,
    ],
  ])('survives %s', (_, text) => {
    readScriptObject(text)
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})

describe('names of a design system', () => {
  const color = (hex: string) => ({ $type: 'color', $value: hex })

  it('say what they are for in any order, case and with other words for the same', async () => {
    const { source, mapping } = await importTheme(
      baseSource,
      files([
        'flat.tokens.json',
        {
          'background-base-color': color('#fbfbfb'),
          neutralContentColorDefault: color('#222222'),
          'neutral-subdued-content-color-default': color('#555555'),
          'accent-background-color-default': color('#3b63fb'),
          'accent-subtle-background-color-default': color('#e5ebff'),
          'negative-border-color-default': color('#d73220'),
          'drop-zone-background-color': color('#00ff00'),
        },
      ]),
    )
    expect(Object.fromEntries(mapping.map(({ from, to }) => [to, from]))).toEqual({
      'color.surface.page': 'background-base-color',
      'color.text.default': 'neutralContentColorDefault',
      'color.text.muted': 'neutral-subdued-content-color-default',
      'color.accent.solid': 'accent-background-color-default',
      'color.accent.soft': 'accent-subtle-background-color-default',
      'color.status.danger.border': 'negative-border-color-default',
    })
    expect(colorOf(source, 'color.accent.solid')).toBe('#3b63fb')
  })

  it('are not believed where the colors cannot mean it', async () => {
    const { mapping } = await importTheme(
      baseSource,
      files([
        'odd.tokens.json',
        { background: color('#ffffff'), text: color('#f0f0f0'), accent: { bg: color('#3b63fb') } },
      ]),
    )
    expect(mapping.map(({ to }) => to)).toEqual(expect.arrayContaining(['color.surface.page']))
    expect(mapping.map(({ to }) => to)).not.toContain('color.text.default')
    expect(mapping.map(({ to }) => to)).not.toContain('color.accent.soft')
  })

  it('that say nothing leave what looks like it to be confirmed, and change nothing by themselves', async () => {
    const { source, mapping, suggestions } = await importTheme(
      baseSource,
      files([
        'paint.tokens.json',
        {
          paint: {
            chalk: color('#fafaf7'),
            mist: color('#d9d9d4'),
            slate: color('#5f6166'),
            coal: color('#191a1c'),
            plum: color('#7a2d6b'),
          },
        },
      ]),
    )
    expect(mapping).toEqual([])
    expect(suggestions).toEqual([
      { from: 'paint.chalk', to: 'color.surface.page', mode: 'light' },
      { from: 'paint.coal', to: 'color.text.default', mode: 'light' },
      { from: 'paint.slate', to: 'color.text.muted', mode: 'light' },
      { from: 'paint.slate', to: 'color.text.subtle', mode: 'light' },
      { from: 'paint.mist', to: 'color.border.default', mode: 'light' },
      { from: 'paint.plum', to: 'color.accent.solid', mode: 'light' },
    ])
    expect(colorOf(source, 'color.surface.page')).toBe(hexOfBase('color.surface.page'))
  })
})

function hexOfBase(path: string): string {
  return colorOf({ document: {}, file: 'empty.tokens.json' }, path)
}
