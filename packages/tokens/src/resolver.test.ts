import { expect, it } from 'vitest'
import { modifierContexts, referencedFiles, resolveTokens } from './index.ts'

const number = (value: number) => ({ $type: 'number', $value: value })
const document = {
  version: '2025.10',
  sets: {
    low: { sources: [{ $ref: './low.json' }, { inline: number(2) }] },
    all: { sources: [{ $ref: '#/sets/low' }] },
  },
  modifiers: {
    mode: {
      contexts: { light: [{ a: number(10) }], dark: [{ $ref: 'deep/dark.json' }] },
      default: 'dark',
    },
  },
  resolutionOrder: [
    { $ref: '#/sets/all' },
    { $ref: '#/modifiers/mode' },
    { type: 'modifier', name: 'size', contexts: { s: [{ size: number(1) }], l: [{ size: number(2) }] } },
  ],
}
const files = { 'low.json': { a: number(1), b: number(1) }, 'deep/dark.json': { a: number(20) } }

function values(input?: Record<string, string>) {
  const { tokens, diagnostics } = resolveTokens([{ document, files, file: 'x.resolver.json' }], input)
  return { values: Object.fromEntries([...tokens].map(([path, token]) => [path, token.value])), diagnostics }
}

it('lays sets and contexts over each other in resolution order', () => {
  expect(values({ mode: 'light', size: 'l' })).toEqual({
    values: { a: 10, b: 1, inline: 2, size: 2 },
    diagnostics: [],
  })
})

it('takes the default context, or the first, where none is given', () => {
  expect(values().values).toEqual({ a: 20, b: 1, inline: 2, size: 1 })
  expect(values({ mode: 'constructor' }).values.a).toBe(20)
})

it('tells contexts and files before anything is read', () => {
  expect([...modifierContexts(document)]).toEqual([
    ['mode', ['dark', 'light']],
    ['size', ['s', 'l']],
  ])
  expect(referencedFiles(document)).toEqual(['low.json', 'deep/dark.json'])
})

it.each([
  '../up.json',
  '/etc/passwd',
  'https://example.org/a.json',
  'a/../../b.json',
  'a\\b.json',
  '.hidden/a.json',
  '',
])('does not follow a reference to %o', ($ref) => {
  const outside = { resolutionOrder: [{ type: 'set', name: 's', sources: [{ $ref }] }] }
  expect(referencedFiles(outside)).toEqual([])
  const { tokens, diagnostics } = resolveTokens([{ document: outside, files: { [$ref]: { a: number(1) } } }])
  expect(tokens.size).toBe(0)
  expect(diagnostics).toMatchObject([{ code: 'TOKEN_FILE_INVALID', pointer: '/resolutionOrder/0/sources/0' }])
})

it('reports what is missing or contains itself and goes on', () => {
  const { tokens, diagnostics } = resolveTokens([
    {
      document: {
        sets: { loop: { sources: [{ $ref: '#/sets/loop' }, { ok: number(1) }] } },
        modifiers: { none: { contexts: {} } },
        resolutionOrder: [
          { $ref: '#/sets/loop' },
          { $ref: '#/sets/nowhere' },
          { $ref: '#/modifiers/none' },
          'text',
          { $ref: '#/__proto__/constructor' },
        ],
      },
    },
  ])
  expect([...tokens.keys()]).toEqual(['ok'])
  expect(diagnostics.map(({ code, pointer }) => [code, pointer])).toEqual([
    ['TOKEN_ALIAS_CYCLE', '/sets/loop/sources'],
    ['TOKEN_FILE_INVALID', '/resolutionOrder/1'],
    ['TOKEN_FILE_INVALID', '/modifiers/none'],
    ['TOKEN_FILE_INVALID', '/resolutionOrder/3'],
    ['TOKEN_FILE_INVALID', '/resolutionOrder/4'],
  ])
})
