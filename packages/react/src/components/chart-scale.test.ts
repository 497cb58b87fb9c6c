import { expect, test } from 'vitest'
import { chartScale, layoutSeries, spreadLabels } from './chart-scale.ts'

const line = (...values: (number | null)[]) => layoutSeries([{ name: 'a', values }], values.length, false)

test('an axis has round numbers that hold every value', () => {
  expect(chartScale(line(3, 97, 42), true)).toEqual({ min: 0, max: 100, ticks: [0, 25, 50, 75, 100] })
  expect(chartScale(line(-7, 12), true).ticks).toEqual([-10, -5, 0, 5, 10, 15])
  expect(chartScale(line(0.1, 0.3), true).ticks).toEqual([0, 0.1, 0.2, 0.3])
})

test('a line far above zero keeps its shape, bars stand on zero', () => {
  expect(chartScale(line(1000, 1010), false).min).toBe(1000)
  expect(chartScale(line(1000, 1010), true).min).toBe(0)
})

test.each([
  ['no values', []],
  ['no numbers', [null, null]],
  ['zeros', [0, 0]],
  ['one value', [5]],
  ['the largest values the table allows', [-1e15, 1e15]],
  ['tiny values', [1e-300, 2e-300]],
])('an axis of %s is finite and short', (_name, values) => {
  const { min, max, ticks } = chartScale(line(...values), true)
  expect(max).toBeGreaterThan(min)
  expect(ticks.length).toBeGreaterThan(1)
  expect(ticks.length).toBeLessThan(22)
  expect(ticks.every(Number.isFinite)).toBe(true)
})

test('stacked values pile up, negative ones pile down, gaps add nothing', () => {
  const spans = layoutSeries(
    [
      { name: 'a', values: [1, -2, null] },
      { name: 'b', values: [3, -4, 5] },
    ],
    3,
    true,
  )
  expect(spans).toEqual([
    [[0, 1], [0, -2], null],
    [
      [1, 4],
      [-2, -6],
      [0, 5],
    ],
  ])
})

test('labels are spread evenly and never too many', () => {
  expect(spreadLabels(5, 10)).toEqual([0, 1, 2, 3, 4])
  expect(spreadLabels(10, 3)).toEqual([0, 4, 8])
  expect(spreadLabels(10, 0)).toEqual([0])
  expect(spreadLabels(0, 3)).toEqual([])
})
