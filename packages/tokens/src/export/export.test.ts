import { stripTypeScriptTypes } from 'node:module'
import { parse, walk } from 'css-tree'
import { expect, it } from 'vitest'
import { baseSource } from '../base.ts'
import { deltaE } from '../color/convert.ts'
import { composeTheme, resolveTokens } from '../index.ts'
import { baseTokenNames, tokenVar } from '../token-var.ts'
import { exportFigma, exportJson, exportTailwind, exportTypeScript } from './index.ts'

const theme = composeTheme(baseSource)

it('writes JSON with the values of each context', () => {
  const json = JSON.parse(exportJson(theme)) as Record<string, Record<string, string>>
  expect(Object.keys(json)).toEqual(['light', 'light-more', 'dark', 'dark-more'])
  expect(json.light?.['space.2']).toBe('8px')
  expect(json.light?.['color.surface.page']).not.toBe(json.dark?.['color.surface.page'])
  expect(Object.keys(json.dark ?? {})).toHaveLength(baseTokenNames.length)
})

it('writes a TypeScript module that runs', async () => {
  const code = stripTypeScriptTypes(exportTypeScript(theme))
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    tokens: Record<string, string>
    values: Record<string, Record<string, string>>
  }
  expect(module.tokens['color.text.onAccent']).toBe(tokenVar('color.text.onAccent'))
  expect(module.values.dark?.['radius.md']).toMatch(/px$/)
})

it('writes a Tailwind theme whose every variable is one of the sheet', () => {
  const css = exportTailwind(theme)
  expect(css).toContain('--color-text-on-accent: var(--m-color-text-onAccent);')
  expect(css).toContain('--text-2xl: var(--m-font-size-2xl);')
  const names: string[] = []
  walk(parse(css.slice(css.indexOf('@theme')), { parseCustomProperty: true }), (node) => {
    if (node.type === 'Function' && node.name === 'var') {
      const [first] = node.children
      if (first?.type === 'Identifier') names.push(first.name)
    }
  })
  expect(names.length).toBeGreaterThan(70)
  for (const name of names) expect(baseTokenNames).toContain(name)
})

it('writes token files for design tools that hold the same theme', () => {
  const files = exportFigma(theme)
  expect(Object.keys(files)).toEqual([
    'light.tokens.json',
    'light-more.tokens.json',
    'dark.tokens.json',
    'dark-more.tokens.json',
  ])
  const expected = theme.resolve({ mode: 'dark' })
  const { tokens, diagnostics } = resolveTokens([{ document: JSON.parse(files['dark.tokens.json']!) }])
  expect(diagnostics).toEqual([])
  expect(tokens.size).toBe(expected.size)
  for (const [path, token] of tokens) {
    const before = expected.get(path)!
    expect(token.type).toBe(before.type)
    if (token.type === 'color' && before.type === 'color')
      expect(deltaE(token.value, before.value)).toBeLessThan(0.003)
    if (token.type === 'dimension') expect(token.value.unit).toBe('px')
  }
})
