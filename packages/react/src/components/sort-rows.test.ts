import { expect, test } from 'vitest'
import { nextSort, sortRows } from './sort-rows.ts'

const read = (row: string | number | undefined) => row

test('sorts numbers inside names as numbers', () => {
  expect(sortRows(['w-10', 'w-9', 'W-1'], read, 'ascending')).toEqual(['W-1', 'w-9', 'w-10'])
})

test('keeps rows without a value last in both directions', () => {
  expect(sortRows([2, undefined, 1], read, 'ascending')).toEqual([1, 2, undefined])
  expect(sortRows([2, undefined, 1], read, 'descending')).toEqual([2, 1, undefined])
})

test('leaves the rows it was given as they were', () => {
  const rows = [2, 1]
  sortRows(rows, read, 'ascending')
  expect(rows).toEqual([2, 1])
})

test('a second press on a header turns the order, another column starts ascending', () => {
  const first = nextSort(undefined, 'name')
  expect(first).toEqual({ column: 'name', direction: 'ascending' })
  expect(nextSort(first, 'name').direction).toBe('descending')
  expect(nextSort(nextSort(first, 'name'), 'state')).toEqual({ column: 'state', direction: 'ascending' })
})
