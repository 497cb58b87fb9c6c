import { readdirSync, readFileSync } from 'node:fs'
import { baseTokenNames } from '@mortise/tokens/names'
import { expect, test } from 'vitest'

const folder = new URL('../src/styles/', import.meta.url)
const sheets = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const)
const known = new Set(baseTokenNames)

/** Custom properties that the style sheets or the components set for themselves. */
const own = /^--m-(tone|w|hue|widget)(-|$)/

test.each(sheets)('%s uses only properties of the base token set', (_name, css) => {
  const used = [...css.matchAll(/var\(\s*(--m-[\w-]+)/g)].map((match) => match[1]!)
  expect(used.filter((name) => !known.has(name) && !own.test(name))).toEqual([])
})

test('no own property has the name of a token', () => {
  expect([...known].filter((name) => own.test(name))).toEqual([])
})

test.each(sheets)('%s writes no color of its own', (_name, css) => {
  expect(css.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab)a?\(/gi) ?? []).toEqual([])
})

test.each(sheets)('%s uses logical properties, so that it mirrors', (_name, css) => {
  const physical = css.match(
    /^\s+(?:margin|padding|border|inset)?-?(?:left|right)\s*:|text-align: (?:right)/gm,
  )
  expect(physical ?? []).toEqual([])
})
