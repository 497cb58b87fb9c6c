import { expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import { composeTheme, resolveTokens, themeStylesheet, toCss, toDeclarations } from '../src/index.ts'
import { goodValues, harmless, harmlessName, hostileStrings, poisoned } from './hostile-values.ts'

const attacks = Object.entries(goodValues).flatMap(([type, good]) =>
  hostileStrings.flatMap((hostile) =>
    [...poisoned(good, hostile)].map((bad, i) => ({ type, hostile, bad, name: `${type}-${i}` })),
  ),
)

it('has a grammar that lets every good value through and no hostile one', () => {
  const document = Object.fromEntries(
    Object.entries(goodValues).map(([type, good]) => [type, { $type: type, $value: good }]),
  )
  const { tokens, diagnostics } = resolveTokens([{ document }])
  expect(diagnostics).toEqual([])
  expect(tokens.size).toBe(Object.keys(goodValues).length)
  for (const [, text] of toDeclarations(tokens)) expect(text).toMatch(harmless)
  for (const hostile of hostileStrings) expect(hostile).not.toMatch(harmless)
})

it(`prints nothing hostile out of ${attacks.length} poisoned values`, () => {
  expect(attacks.length).toBeGreaterThan(3_000)
  for (const { type, hostile, bad } of attacks) {
    const document = { t: { $type: type, $value: bad, $description: hostile, $deprecated: hostile } }
    const { tokens } = resolveTokens([{ document, file: hostile }])
    for (const [name, text] of toDeclarations(tokens)) {
      expect(name).toMatch(harmlessName)
      expect(text).toMatch(harmless)
      expect(text).not.toContain(hostile)
    }
  }
})

it('reports every poisoned value that it does not print', () => {
  const ignored: unknown[] = []
  for (const { type, bad } of attacks) {
    const { tokens, diagnostics } = resolveTokens([{ document: { t: { $type: type, $value: bad } } }])
    if (tokens.size === 0) expect(diagnostics.length).toBeGreaterThan(0)
    else ignored.push(bad)
  }
  // What loads all the same: a hostile `hex` fallback, never printed, or a truthy `inset` that is not true.
  const without = JSON.stringify(ignored.map((bad) => strip(bad)))
  for (const hostile of hostileStrings) expect(without).not.toContain(JSON.stringify(hostile))
})

it('keeps the base value under every hostile theme value', () => {
  const base = composeTheme(baseSource)
  const expected = toDeclarations(base.resolve())
  for (const hostile of hostileStrings) {
    const document: Record<string, unknown> = {}
    for (const { path, type } of base.resolve().values())
      put(document, path.split('.'), { $type: type, $value: hostile })
    const theme = composeTheme(baseSource, { document, file: 'theme.tokens.json' })
    expect(toDeclarations(theme.resolve())).toEqual(expected)
    expect(theme.diagnostics.length).toBeGreaterThanOrEqual(base.resolve().size)
  }
})

it('prints no hostile name, of a group, a token or a file', () => {
  const token = { $type: 'number', $value: 1 }
  const names = [
    ...hostileStrings,
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '..',
    '',
    ' ',
    '-->',
  ]
  for (const name of names) {
    const document = JSON.parse(
      `{${JSON.stringify(name)}:${JSON.stringify({ [name]: token, ...token, a: token })}}`,
    )
    const group = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify({ a: token })}}`)
    const { tokens } = resolveTokens([
      { document, file: name },
      { document: group, file: name },
    ])
    expect(toCss(tokens)).toMatch(/^(?::root\{--m-[\w-]+:1(?:;--m-[\w-]+:1)*\}\n)?$/)
    const theme = composeTheme(baseSource, { document: group, file: name })
    expect(themeStylesheet(theme)).toBe(themeStylesheet(composeTheme(baseSource)))
  }
})

it('never touches a prototype', () => {
  const before = Object.getOwnPropertyNames(Object.prototype).sort()
  const document = JSON.parse(`{
    "__proto__": { "polluted": { "$type": "number", "$value": 1 }, "$type": "color" },
    "constructor": { "prototype": { "polluted": { "$type": "number", "$value": 1 } } },
    "a": { "$value": "{__proto__.polluted}" },
    "b": { "$value": "{toString}" },
    "c": { "$ref": "#/__proto__/constructor/$value" },
    "d": { "$extends": "{constructor.prototype}" },
    "e": { "$type": "color", "$value": { "__proto__": { "colorSpace": "srgb", "components": [1, 1, 1] } } },
    "f": { "$type": "__proto__", "$value": 1 },
    "g": { "$type": "constructor", "$value": 1 },
    "h": { "$type": "fontFamily", "$value": { "$ref": "#/e/$value/constructor/name" } },
    "modifiers": { "__proto__": { "contexts": { "x": [] } } }
  }`)
  const { tokens, diagnostics } = resolveTokens([{ document }])
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect([...tokens.keys()].sort()).toEqual([
    '__proto__.polluted',
    'a',
    'constructor.prototype.polluted',
    'd.polluted',
  ])
  expect(diagnostics.map(({ pointer }) => pointer.split('/')[1]).sort()).toEqual(
    expect.arrayContaining(['b', 'c', 'e', 'f', 'g', 'h']),
  )
})

it('is not steered by a prototype that somebody else polluted', () => {
  const shared = Object.prototype as unknown as Record<string, unknown>
  const planted = { $type: 'number', $extends: '{b}', $ref: '#/b', inset: true, alpha: 0, contexts: {} }
  const document = {
    a: { $value: 1 },
    b: { c: { $type: 'color', $value: { colorSpace: 'srgb', components: [0, 0, 0] } } },
  }
  const clean = toDeclarations(resolveTokens([{ document }]).tokens)
  Object.assign(shared, planted)
  try {
    expect(toDeclarations(resolveTokens([{ document }]).tokens)).toEqual(clean)
  } finally {
    for (const name of Object.keys(planted)) delete shared[name]
  }
})

function put(document: Record<string, unknown>, path: readonly string[], token: unknown): void {
  let at = document
  for (const name of path.slice(0, -1)) {
    at[name] ??= {}
    at = at[name] as Record<string, unknown>
  }
  at[path.at(-1)!] = token
}

function strip(bad: unknown): unknown {
  if (Array.isArray(bad)) return bad.map(strip)
  if (typeof bad !== 'object' || bad === null) return bad
  return Object.fromEntries(
    Object.entries(bad)
      .filter(([key]) => key !== 'hex' && key !== 'inset')
      .map(([key, item]) => [key, strip(item)]),
  )
}
