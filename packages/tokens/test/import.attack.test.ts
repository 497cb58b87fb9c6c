import { expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import {
  bridgeCss,
  type Imported,
  importCssVariables,
  importStreamspace,
  importTokensStudio,
  importVscode,
} from '../src/import/index.ts'
import { composeTheme, themeStylesheet } from '../src/index.ts'
import { harmlessSheet, hostileStrings } from './hostile-values.ts'

function expectHarmless({ source, mapping }: Imported): void {
  const theme = composeTheme(baseSource, source)
  expect(themeStylesheet(theme)).toMatch(harmlessSheet)
  expect(bridgeCss(mapping, theme.resolve())).toMatch(
    /^:root\{(?:--[\w-]+:(?:var\(--m-[\w-]+\)|[\d. %-]+))?(?:;--[\w-]+:(?:var\(--m-[\w-]+\)|[\d. %-]+))*\}\n$/,
  )
}

const names = [
  'background',
  'foreground',
  'primary',
  'radius',
  'font-sans',
  'shadow-sm',
  'duration-fast',
  'ease-standard',
]

it('lets no hostile value or name out of a style sheet', () => {
  for (const hostile of hostileStrings) {
    expectHarmless(importCssVariables(`:root{${names.map((name) => `--${name}:${hostile}`).join(';')}}`))
    expectHarmless(importCssVariables(`:root{--background:#fff;--${hostile}:#000}${hostile}{--primary:red}`))
    expectHarmless(importCssVariables(`:root{--a:${hostile};--background:var(--a, ${hostile})}`))
    expectHarmless(importCssVariables(':root{--x:red}', { roles: { 'color.text.link': hostile } }))
  }
}, 30_000)

it('lets no hostile value or name out of a VS Code theme', async () => {
  for (const hostile of hostileStrings) {
    const colors = {
      'editor.background': hostile,
      [hostile]: '#fff',
      'button.background': { [hostile]: hostile },
    }
    expectHarmless(
      await importVscode(JSON.stringify({ type: hostile, include: hostile, colors }), {
        include: () => hostile,
      }),
    )
    expectHarmless(await importVscode(hostile))
  }
}, 30_000)

it('lets no hostile value or name out of a StreamSpace theme', () => {
  for (const hostile of hostileStrings) {
    const typography = { fontFamily: `Inter, ${hostile}`, fontSize: hostile, fontWeightRegular: hostile }
    expectHarmless(
      importStreamspace({
        colors: { primary: hostile, background: { default: hostile } },
        typography,
        shape: { borderRadius: hostile },
        shadows: { small: hostile },
        spacing: hostile,
        [hostile]: hostile,
      }),
    )
  }
}, 30_000)

it('lets no hostile value or name out of a Tokens Studio file', () => {
  const types = [
    'color',
    'spacing',
    'fontFamilies',
    'fontWeights',
    'lineHeights',
    'opacity',
    'boxShadow',
    'typography',
    'border',
  ]
  for (const hostile of hostileStrings) {
    const group: Record<string, unknown> = { space: { 2: { type: 'spacing', value: `{${hostile}} * 2` } } }
    for (const type of [...types, hostile]) {
      group[type] = {
        text: { type, value: hostile },
        [hostile]: { type, value: { color: hostile, [hostile]: hostile } },
      }
    }
    group.color = {
      text: { default: { type: 'color', value: hostile }, muted: { type: hostile, value: '#fff' } },
    }
    const themes = [{ name: hostile, selectedTokenSets: { [hostile]: 'enabled' } }]
    expectHarmless(importTokensStudio(JSON.stringify(group)))
    expectHarmless(importTokensStudio(JSON.stringify({ [hostile]: group, light: group, $themes: themes })))
  }
}, 30_000)

it('never touches a prototype', () => {
  const nasty =
    '{"__proto__":{"value":"#fff","type":"color"},"constructor":{"prototype":{"polluted":{"value":"#fff","type":"color"}}},"global":{"__proto__":{"polluted":{"value":"1","type":"spacing"}}}}'
  expectHarmless(importTokensStudio(nasty))
  expectHarmless(
    importStreamspace(
      JSON.parse('{"colors":{"__proto__":{"polluted":"#fff"},"constructor":{"prototype":{"polluted":1}}}}'),
    ),
  )
  expectHarmless(importCssVariables(':root{--__proto__:#fff;--constructor:#000}'))
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

it('is quick with texts made to keep it busy', async () => {
  const start = performance.now()
  const refs = (name: string) => `{g.${name}}`.repeat(60)
  const chain = Object.fromEntries(
    Array.from({ length: 16 }, (_, i) => [
      `t${i}`,
      { type: 'spacing', value: i === 0 ? '' : refs(`t${i - 1}`) },
    ]),
  )
  expectHarmless(importTokensStudio(JSON.stringify({ g: chain })))
  const vars = Array.from({ length: 30 }, (_, i) => `--v${i + 1}:${`var(--v${i})`.repeat(20)}`).join(';')
  expectHarmless(importCssVariables(`:root{--v0:;${vars};--background:var(--v30);--primary:var(--primary)}`))
  for (const text of [
    'a{'.repeat(300_000),
    `${'}'.repeat(100_000)}${'a{'.repeat(100_000)}`,
    'a{/*}*/'.repeat(100_000),
    'a{b:"}";'.repeat(90_000),
    '('.repeat(900_000),
    `:root{--background:${'('.repeat(500_000)}}`,
    `a{color:${'calc('.repeat(100_000)}`,
    `${':not('.repeat(150_000)}{--primary:red}`,
    `:root{${'--background:#fff;'.repeat(50_000)}}`,
    `:root{--background:${'1'.repeat(900_000)}}`,
    '/*'.repeat(400_000),
  ]) {
    expectHarmless(importCssVariables(text))
    expectHarmless(importTokensStudio(text))
    expectHarmless(await importVscode(text))
  }
  expectHarmless(importTokensStudio(`{"space":{"2":{"type":"spacing","value":"${'('.repeat(400)}"}}}`))
  expect(performance.now() - start).toBeLessThan(20_000)
}, 30_000)
