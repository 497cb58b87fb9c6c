import { existsSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
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

function permutations(axes: readonly (readonly [string, readonly string[]])[]): Record<string, string>[] {
  const [first, ...rest] = axes
  if (!first) return [{}]
  return first[1].flatMap((context) => permutations(rest).map((input) => ({ [first[0]]: context, ...input })))
}
