import { existsSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import { importTheme } from '../src/import/index.ts'
import { modifierContexts, resolveTokens, toDeclarations } from '../src/index.ts'
import { parseTokenFile } from '../src/parse-file.ts'
import { expandSources } from '../src/resolver.ts'
import { readSource, root } from './read-package.ts'

const folder = `${root}../shared/fixtures/dtcg`
const systems = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith('.resolver.json'))
  : []

it('loads most tokens of every real design system in every permutation', () => {
  if (systems.length === 0) {
    console.warn('tokens: ../shared/fixtures/dtcg is absent, real design systems were not tried')
    return
  }
  let written = 0
  let loaded = 0
  for (const system of systems) {
    const source = readSource(folder, system)
    for (const input of permutations([...modifierContexts(source.document)])) {
      const files = expandSources([source], input).sources.map(parseTokenFile)
      const paths = new Set(files.flatMap((file) => [...file.tokens.keys()]))
      const { tokens, diagnostics } = resolveTokens([source], input)
      expect(tokens.size / paths.size, `${system} ${JSON.stringify(input)}`).toBeGreaterThan(0.6)
      expect(toDeclarations(tokens).length).toBeGreaterThanOrEqual(tokens.size)
      const reported = new Set(diagnostics.map(({ file, pointer }) => `${file}#${pointer.split('/$')[0]}`))
      for (const raw of files.flatMap((file) => [...file.tokens.values()])) {
        if (!tokens.has(raw.path)) expect(reported).toContain(`${raw.file}#${raw.pointer}`)
      }
      written += paths.size
      loaded += tokens.size
    }
  }
  expect(loaded / written).toBeGreaterThan(0.85)
})

/** Roles that the names of each system fill. */
const leastRoles: Readonly<Record<string, number>> = {
  'adobe-spectrum.resolver.json': 33,
  'apple-hig.resolver.json': 11,
  'figma-sds.resolver.json': 25,
  'shopify-polaris.resolver.json': 13,
}

it('fills roles from the names of every real design system', async () => {
  for (const system of systems) {
    const { document, files } = readSource(folder, system)
    const texts = Object.entries({ [system]: document, ...files }).map(
      ([name, file]) => [name, JSON.stringify(file)] as const,
    )
    const { mapping } = await importTheme(baseSource, new Map(texts))
    const filled = new Set(mapping.map(({ to }) => to))
    expect(filled.size, system).toBeGreaterThanOrEqual(leastRoles[system] ?? 1)
  }
})

function permutations(axes: readonly (readonly [string, readonly string[]])[]): Record<string, string>[] {
  const [first, ...rest] = axes
  if (!first) return [{}]
  return first[1].flatMap((context) => permutations(rest).map((input) => ({ [first[0]]: context, ...input })))
}
