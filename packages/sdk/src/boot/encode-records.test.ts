import type { RemoteMutationRecord } from '@remote-dom/core'
import { expect, test } from 'vitest'
import { createRecordEncoder } from './encode-records.ts'

const node = (id: string, rest: object = {}) =>
  ({ id, type: 1, element: 'm-stack', children: [], ...rest }) as never

test('listeners become ids that stay the same, and ids call their listeners', () => {
  const { encode, dispatch } = createRecordEncoder()
  const heard: unknown[] = []
  const press = (...args: unknown[]) => heard.push(args)
  const records: RemoteMutationRecord[] = [
    [0, '~', node('1', { eventListeners: { press } }), 0],
    [3, '1', 'press', press, 3],
    [3, '1', 'press', undefined, 3],
  ]
  const [chunk] = encode(records)
  expect(chunk).toMatchObject([
    [0, '~', { eventListeners: { press: 1 } }, 0],
    [3, '1', 'press', 1, 3],
    [3, '1', 'press', null, 3],
  ])
  dispatch(1, ['a', 2])
  dispatch(2, ['nobody'])
  expect(heard).toEqual([['a', 2]])
})

test('what cannot be sent is left out', () => {
  const { encode } = createRecordEncoder()
  const properties = { gap: 'sm', render: () => {}, align: undefined }
  const chunks = encode([
    [0, '~', node('1', { properties }), 0],
    [3, '1', 'render', () => {}, 1],
    [3, '1', 'style', 'x', 2],
  ])
  expect(chunks).toHaveLength(1)
  expect(structuredClone(chunks)).toMatchObject([[[0, '~', { properties: { gap: 'sm' } }, 0]]])
})

test('keys __proto__ are left out of properties, and nothing is made of them', () => {
  const { encode } = createRecordEncoder()
  const rows = JSON.parse(
    '[{"id":"1","cells":{"__proto__":{"polluted":1},"a":"b"},"__proto__":{"polluted":1}}]',
  )
  const chunks = encode([
    [0, '~', node('1', { properties: { rows } }), 0],
    [3, '1', 'rows', rows, 1],
  ])
  const clean = [{ id: '1', cells: { a: 'b' } }]
  expect(chunks).toMatchObject([
    [
      [0, '~', { properties: { rows: clean } }, 0],
      [3, '1', 'rows', clean, 1],
    ],
  ])
  expect(JSON.stringify(chunks)).not.toContain('polluted')
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('a tree too large for one call arrives in parts that build the same tree', () => {
  const { encode } = createRecordEncoder()
  const text = 'x'.repeat(5000)
  const rows = Array.from({ length: 100 }, (_, row) =>
    node(`r${row}`, { children: [{ id: `t${row}`, type: 3, data: text }] }),
  )
  const chunks = encode([[0, '~', node('top', { children: rows }), 0]])
  expect(chunks.length).toBeGreaterThan(2)
  for (const chunk of chunks) expect(JSON.stringify(chunk).length).toBeLessThan(250_000)
  const records = chunks.flat() as [number, string, { id: string; children: unknown[] }, number][]
  expect(records[0]).toMatchObject([0, '~', { id: 'top', children: [] }, 0])
  expect(records.slice(1).map(([, parent, { id }, index]) => [parent, id, index])).toEqual(
    Array.from({ length: 100 }, (_, row) => ['top', `r${row}`, row]),
  )
})
