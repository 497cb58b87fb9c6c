/** The same systems resolved by an independent tool, compared value by value. */
import { existsSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import { modifierContexts, resolveTokens, type Token, type TokenSource } from '../src/index.ts'
import { bigSet } from './big-set.ts'
import { readSource, root } from './read-package.ts'
import { loadTerrazzo } from './terrazzo.ts'

const folder = `${root}../shared/fixtures/dtcg`
const systems = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith('.resolver.json'))
  : []

it('resolves every real design system as Terrazzo does, every permutation, value by value', async () => {
  if (systems.length === 0) {
    console.warn('tokens: ../shared/fixtures/dtcg is absent, real design systems were not compared')
    return
  }
  for (const system of systems) {
    const { compared, permutations, without } = await compare(readSource(folder, system), folder)
    console.info(
      `${system}: ${compared} values in ${permutations} permutations agree with Terrazzo; ${without} broken tokens left out`,
    )
    expect(compared).toBeGreaterThan(50)
  }
}, 120_000)

it.each([
  ['the base set', () => baseSource],
  ['a big set with chains of aliases', bigSet],
])(
  'resolves %s as Terrazzo does',
  async (_, source) => {
    const { compared, without } = await compare(source(), root)
    expect(compared).toBeGreaterThan(300)
    expect(without).toBe(0)
  },
  60_000,
)

async function compare(source: TokenSource, at: string) {
  const inputs = permutationsOf([...modifierContexts(source.document)])
  const { source: sound, without } = withoutBroken(source, inputs)
  const resolver = await loadTerrazzo(sound, at)
  let compared = 0
  for (const input of inputs) {
    const { tokens, diagnostics } = resolveTokens([sound], input)
    expect(diagnostics.filter(({ code }) => code !== 'TOKEN_INVALID')).toEqual([])
    const theirs = resolver.apply(input)
    expect([...tokens.keys()].map(theirName).sort(), JSON.stringify(input)).toEqual(
      Object.keys(theirs).sort(),
    )
    for (const [path, token] of tokens) {
      expect(plain(token), `${source.file} ${JSON.stringify(input)} ${path}`).toEqual(
        plainTheirs(token, theirs[theirName(path)]!.$value),
      )
      compared++
    }
  }
  return { compared, permutations: inputs.length, without }
}

/** Terrazzo names the `$root` token of a group like the group. */
function theirName(path: string): string {
  return path.replace(/\.\$root$/, '')
}

/**
 * Terrazzo stops at the first fault of a file, where we leave out the token.
 * Tokens that we leave out of any permutation are taken out of the files, so
 * that what is left can be compared.
 */
function withoutBroken(source: TokenSource, inputs: readonly Record<string, string>[]) {
  const files = JSON.parse(JSON.stringify(source.files ?? {})) as Record<string, Record<string, unknown>>
  let without = 0
  for (const input of inputs) {
    const { diagnostics } = resolveTokens([{ ...source, files }], input)
    for (const { file, pointer, message } of diagnostics) {
      // Read all the same, as all it can mean.
      if (message.startsWith('The token has no $type; read as')) continue
      const names = pointer
        .split('/$')[0]!
        .split('/')
        .slice(1)
        .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
      if (remove(files[file ?? ''], names)) without++
    }
  }
  return { source: { ...source, files }, without }
}

function remove(document: unknown, names: readonly string[]): boolean {
  const last = names.at(-1)
  const group = names
    .slice(0, -1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document)
  if (last === undefined || typeof group !== 'object' || group === null || !Object.hasOwn(group, last))
    return false
  delete (group as Record<string, unknown>)[last]
  return true
}

/** Our value as the format has it. */
function plain(token: Token): unknown {
  switch (token.type) {
    case 'color':
      return color(token.value)
    case 'shadow':
      return token.value.map((layer) => ({ ...layer, color: color(layer.color) }))
    case 'border':
      return { ...token.value, color: color(token.value.color) }
    case 'gradient':
      return token.value.map((stop) => ({ ...stop, color: color(stop.color) }))
    case 'strokeStyle':
      return 'style' in token.value ? token.value.style : token.value
    default:
      return token.value
  }
}

function color({
  space,
  components,
  alpha,
}: {
  space: string
  components: readonly unknown[]
  alpha: number
}) {
  return { space, components: components.map(rounded), alpha }
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(6)) : value
}

/** Terrazzo's value in the same shape; it keeps what a file says, so the words of the format are ours to settle. */
function plainTheirs(token: Token, value: unknown): unknown {
  const theirs = value as Record<string, unknown>
  switch (token.type) {
    case 'color':
      return theirColor(value)
    case 'fontFamily':
      return Array.isArray(value) ? value : [value]
    case 'shadow':
      return (Array.isArray(value) ? value : [value]).map((layer: Record<string, unknown>) => ({
        ...layer,
        color: theirColor(layer.color),
        inset: layer.inset === true,
      }))
    case 'border':
      return { ...theirs, color: theirColor(theirs.color), style: { style: theirs.style } }
    case 'typography':
      return {
        ...theirs,
        fontFamily: Array.isArray(theirs.fontFamily) ? theirs.fontFamily : [theirs.fontFamily],
        letterSpacing: theirs.letterSpacing ?? { value: 0, unit: 'px' },
        lineHeight: theirs.lineHeight ?? 1.5,
        fontWeight: theirs.fontWeight ?? 400,
      }
    default:
      return value
  }
}

function theirColor(value: unknown): unknown {
  const {
    colorSpace,
    components,
    alpha = 1,
  } = value as { colorSpace: string; components: unknown[]; alpha?: number }
  return { space: colorSpace, components: components.map(rounded), alpha }
}

function permutationsOf(axes: readonly (readonly [string, readonly string[]])[]): Record<string, string>[] {
  return axes.reduce<Record<string, string>[]>(
    (inputs, [name, contexts]) =>
      inputs.flatMap((input) => contexts.map((context) => ({ ...input, [name]: context }))),
    [{}],
  )
}
