import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import { checkTheme, checkTokens } from '../src/gate/index.ts'
import { composeTheme, themeStylesheet } from '../src/index.ts'
import { lookAlikes } from '../src/repair/index.ts'
import { readJson, readSource, root } from './read-package.ts'

interface Manifest {
  readonly name: string
  readonly type: string
  readonly permissions: readonly string[]
  readonly entrypoints: { readonly theme: string }
  readonly contributes: { readonly themes: readonly { readonly path: string }[] }
}

const folders = readdirSync(`${root}examples`).filter((name) => name.startsWith('theme-'))

it('finds the example themes', () => {
  expect(folders).toEqual(
    expect.arrayContaining(
      ['clear', 'harbor', 'midnight', 'moss', 'paper', 'rosewood'].map((name) => `theme-${name}`),
    ),
  )
})

describe.each(folders)('%s', (folder) => {
  const manifest = readJson(`${root}examples/${folder}/manifest.json`) as Manifest
  const theme = composeTheme(baseSource, readSource(`${root}examples/${folder}`, manifest.entrypoints.theme))

  it('has a manifest that asks for nothing and names its file', () => {
    expect(manifest).toMatchObject({ name: folder, type: 'theme', permissions: [] })
    expect(manifest.contributes.themes[0]?.path).toBe(manifest.entrypoints.theme)
  })

  it('loads without a diagnostic and changes the look', () => {
    expect(theme.diagnostics).toEqual([])
    expect(themeStylesheet(theme)).not.toBe(themeStylesheet(composeTheme(baseSource)))
  })

  it.each(['normal', 'more'] as const)('is readable in all its modes with %s contrast', (contrast) => {
    for (const mode of theme.modes)
      expect(checkTokens(theme.resolve({ mode, contrast }), contrast)).toEqual([])
  })

  it('passes the gate in every permutation', () => {
    expect(checkTheme(theme).failures).toEqual([])
  })
})

it('has a theme whose charts differ to every kind of color vision', () => {
  const theme = composeTheme(baseSource, readSource(`${root}examples/theme-clear`, 'theme.resolver.json'))
  for (const mode of theme.modes) expect(lookAlikes(theme.resolve({ mode }))).toEqual([])
})
