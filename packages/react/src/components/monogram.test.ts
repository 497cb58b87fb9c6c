import { expect, test } from 'vitest'
import { hueIndex, monogram } from './monogram.ts'

test.each([
  ['Slack notifications', 'SN'],
  ['session-list', 'SL'],
  ['Chart', 'C'],
  ['  🎉 party  time', 'PT'],
  ['دردشة', 'د'],
  ['', '?'],
  ['🎉', '?'],
])('the letters of %j are %s', (name, letters) => {
  expect(monogram(name)).toBe(letters)
})

test('an id always has the same hue, within the range', () => {
  for (const id of ['a', 'session-list', 'x'.repeat(64)]) {
    expect(hueIndex(id, 6)).toBe(hueIndex(id, 6))
    expect(hueIndex(id, 6)).toBeGreaterThanOrEqual(0)
    expect(hueIndex(id, 6)).toBeLessThan(6)
  }
})
