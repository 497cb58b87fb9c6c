import { expect, test } from 'vitest'
import { readTheme } from './read-theme.ts'

test('declarations are read from the text, in its order, whatever is in their values', () => {
  const text =
    'color-scheme: dark;\n--m-a: rgb(1 2 3);\n--m-b: "Odd: Name", serif;\n--m-c: 0 1px #000, 0 2px #fff;\n'
  const theme = readTheme(text)
  expect(theme.colorScheme).toBe('dark')
  expect(theme.declarations).toEqual([
    ['--m-a', 'rgb(1 2 3)'],
    ['--m-b', '"Odd: Name", serif'],
    ['--m-c', '0 1px #000, 0 2px #fff'],
  ])
  expect(theme.declarations).toBe(theme.declarations)
})

test('a theme without declarations is empty', () => {
  expect(readTheme('')).toEqual({ colorScheme: 'light', declarations: [] })
  expect(readTheme('color-scheme: light;\n')).toEqual({ colorScheme: 'light', declarations: [] })
})
