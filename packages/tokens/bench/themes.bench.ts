// Resolving one permutation of a large token set: ours, Terrazzo's and Style Dictionary's time in one run.
import { existsSync } from 'node:fs'
import { type BenchRow, median, spread } from '@mortise/testing'
import StyleDictionary from 'style-dictionary'
import { modifierContexts, resolveTokens, type TokenSource, toDeclarations } from '../src/index.ts'
import { expandSources } from '../src/resolver.ts'
import { bigSet } from '../test/big-set.ts'
import { readSource, root } from '../test/read-package.ts'
import { loadTerrazzo } from '../test/terrazzo.ts'

const rounds = 9

/** Each round takes every tool in turn; the first is to warm up and does not count. */
export default async function run(): Promise<BenchRow[]> {
  const folder = `${root}../shared/fixtures/dtcg`
  const file = 'adobe-spectrum.resolver.json'
  const rows = await measure('big set of our own', bigSet(), root)
  if (existsSync(`${folder}/${file}`))
    rows.push(...(await measure('adobe-spectrum', readSource(folder, file), folder)))
  else console.log('themes: ../shared/fixtures/dtcg is absent, adobe-spectrum was not measured')
  return rows
}

async function measure(name: string, source: TokenSource, folder: string): Promise<BenchRow[]> {
  const input = Object.fromEntries(
    [...modifierContexts(source.document)].map(([axis, names]) => [axis, names.at(-1)!]),
  )
  const layers = expandSources([source], input).sources.map(
    ({ document }) => document as Record<string, unknown>,
  )
  const merged = layers.reduce<Record<string, unknown>>(merge, {})
  const times = { ours: [] as number[], terrazzo: [] as number[], dictionary: [] as number[] }
  const others = { terrazzo: 0, dictionary: 0 }
  let size = 0
  let count = 0
  for (let round = 0; round <= rounds; round++) {
    // Terrazzo keeps what it has resolved, so each round gets a resolver that has parsed and not yet resolved this.
    const resolver = round % 3 === 0 || round === rounds ? await loadTerrazzo(source, folder) : undefined
    const taken = {
      ours: await time(() => {
        const { tokens } = resolveTokens([source], input)
        size = toDeclarations(tokens).length
        count = tokens.size
      }),
      terrazzo: resolver
        ? await time(() => {
            others.terrazzo = Object.keys(resolver.apply(input)).length
          })
        : undefined,
      dictionary: await time(async () => {
        const dictionary = new StyleDictionary({
          tokens: structuredClone(merged) as never,
          platforms: { css: { transformGroup: 'css' } },
          log: { verbosity: 'silent', warnings: 'disabled', errors: { brokenReferences: 'console' } },
          usesDtcg: true,
        })
        others.dictionary = (await dictionary.getPlatformTokens('css')).allTokens.length
      }),
    }
    if (round === 0) continue
    for (const tool of ['ours', 'terrazzo', 'dictionary'] as const) {
      const value = taken[tool]
      if (value !== undefined) times[tool].push(value)
    }
  }
  if (Math.min(others.terrazzo, others.dictionary) < count * 0.9)
    throw new Error('A peer did less work than we did.')
  return (['terrazzo', 'dictionary'] as const).map((tool) => ({
    suite: 'themes',
    case: `one permutation of ${name}, ${size} properties`,
    peer: tool === 'terrazzo' ? 'Terrazzo' : 'Style Dictionary',
    // 0.2 is five times faster.
    ratio: median(times.ours) / median(times[tool]),
    ...spread(times.ours),
    unit: 'ms',
  }))
}

async function time(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Later layers over earlier ones; a token that is set again is replaced whole. */
function merge(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const result = { ...below }
  for (const [name, value] of Object.entries(above)) {
    const known = result[name]
    const groups = isGroup(known) && isGroup(value)
    result[name] = groups ? merge(known, value) : value
  }
  return result
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '$value')
  )
}
