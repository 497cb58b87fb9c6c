import { expect, test } from 'vitest'
import { columns, plain, printableJson } from './terminal.ts'

test('texts of plugins lose what steers a terminal or turns the reading direction', () => {
  expect(plain('a\u001b[31mb\u0007\u009bc\u202ed\u2066e\nf\tg')).toBe('a[31mbcde f g')
})

test('JSON stays the same value and holds no control character', () => {
  const value = { text: '\u001b[2J\u009b31m\u007f é' }
  const text = printableJson(value)
  expect(JSON.parse(text)).toEqual(value)
  expect(text).toMatch(/^[\x20-\x7eé]*$/)
})

test('columns are as wide as their widest cell', () => {
  expect(
    columns([
      ['A', 'LONG'],
      ['longer', 'x'],
    ]),
  ).toBe('A       LONG\nlonger  x')
})
