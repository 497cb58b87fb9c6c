import { expect, test } from 'vitest'
import { awaitTurn, cutRecords } from './tree-pieces.ts'

const text = (id: string) => ({ id, type: 3, data: 'x' })
const stack = (id: string, children: readonly unknown[]) => ({ id, type: 1, element: 'm-stack', children })
const texts = (count: number, of = 't') => Array.from({ length: count }, (_, at) => text(`${of}${at}`))

test('few changes are one piece, as they are', () => {
  const records = [[0, '~', stack('1', texts(3)), 0], [3, '1', 'gap', 'sm', 1], [1, '1', 0], 'no record']
  expect(cutRecords(records)).toEqual([{ records, nodes: 7 }])
  expect(cutRecords([])).toEqual([])
})

test('many changes are several pieces, in order', () => {
  const records = Array.from({ length: 250 }, (_, at) => [2, `n${at}`, 'x'])
  const pieces = cutRecords(records)
  expect(pieces.map(({ nodes }) => nodes)).toEqual([100, 100, 50])
  expect(pieces.flatMap((piece) => piece.records)).toEqual(records)
})

test('a large component comes before its children, each at its place, and small ones stay whole', () => {
  const properties = { gap: 'sm' }
  const small = stack('small', texts(60))
  const large = { ...stack('large', [...texts(90, 'a'), small, ...texts(5, 'b')]), properties }
  const pieces = cutRecords([[0, '~', stack('all', [large, text('last')]), 0]])
  expect(pieces.map(({ nodes }) => nodes)).toEqual([92, 67])
  expect(pieces.flatMap(({ records }) => records)).toEqual([
    [0, '~', stack('all', []), 0],
    [0, 'all', { ...stack('large', []), properties }, 0],
    ...texts(90, 'a').map((node, at) => [0, 'large', node, at]),
    [0, 'large', small, 90],
    ...texts(5, 'b').map((node, at) => [0, 'large', node, 91 + at]),
    [0, 'all', text('last'), 1],
  ])
})

test.each([
  ['no list', { id: '1', type: 1, children: 'abc' }],
  ['nothing', { id: '1', type: 1, children: null }],
  ['no components', { id: '1', type: 1, children: [null, 7, 'x', [], {}] }],
])('children that are %s are left to those who read them', (_what, node) => {
  expect(cutRecords([[0, '~', node, 0]]).flatMap(({ records }) => records)).toEqual([[0, '~', node, 0]])
})

test('pieces of all trees take turns together, and the event loop goes round in between', async () => {
  const turns: number[] = []
  let drawn = 0
  const draw = () => {
    if (drawn++ === 0) {
      queueMicrotask(() => {
        turns.push(drawn)
        drawn = 0
      })
    }
  }
  const trees = ['a', 'b'].map((id) => cutRecords([[0, '~', stack(id, texts(2000, id)), 0]]))
  await new Promise<void>((resolve) => {
    for (const piece of trees.flat()) awaitTurn(piece, draw)
    awaitTurn({ records: [], nodes: 1 }, resolve)
  })
  expect(turns.reduce((sum, count) => sum + count, 0)).toBe(trees.flat().length)
  expect(trees.flat().length).toBeGreaterThan(40)
  expect(Math.max(...turns)).toBeLessThanOrEqual(5)
})
