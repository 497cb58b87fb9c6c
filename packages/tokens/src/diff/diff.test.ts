import { expect, it } from 'vitest'
import { baseSource } from '../base.ts'
import { diffSources } from './index.ts'

const before = {
  document: {
    color: {
      $type: 'color',
      a: { $value: '#ffffff' },
      b: { $value: '{color.a}' },
      gone: { $value: '#123456' },
    },
    size: { $type: 'number', $value: 4 },
  },
}
const after = {
  document: {
    color: {
      $type: 'color',
      a: { $value: '#f0f0f0' },
      b: { $value: '{color.a}', $deprecated: 'Use color.a.' },
      fresh: { $value: '#abcdef' },
    },
    size: { $type: 'number', $value: 4 },
  },
}

it('finds what was added, changed, deprecated and removed, through aliases', () => {
  const diff = diffSources(before, after)
  expect(diff.added).toMatchObject([{ path: 'color.fresh', before: undefined, after: 'rgb(171 205 239)' }])
  expect(diff.removed).toMatchObject([{ path: 'color.gone', after: undefined }])
  expect(diff.changed.map(({ path, before, after }) => [path, before, after])).toEqual([
    ['color.a', 'rgb(255 255 255)', 'rgb(240 240 240)'],
    ['color.b', 'rgb(255 255 255)', 'rgb(240 240 240)'],
  ])
  expect(diff.changed[0]?.deltaE).toBeGreaterThan(0.03)
  expect(diff.deprecated).toEqual([{ path: 'color.b', reason: 'Use color.a.' }])
})

it('finds nothing between a source and itself', () => {
  expect(diffSources(baseSource, baseSource)).toEqual({ added: [], removed: [], changed: [], deprecated: [] })
})

it('names the permutations in which a token differs', () => {
  const mode = (dark: string) => ({
    document: {
      modifiers: {
        mode: {
          contexts: {
            light: [{ a: { $type: 'color', $value: '#fff' } }],
            dark: [{ a: { $type: 'color', $value: dark } }],
          },
        },
      },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }],
    },
  })
  expect(diffSources(mode('#000'), mode('#111')).changed).toMatchObject([
    { path: 'a', contexts: [{ mode: 'dark' }] },
  ])
})
