import { expect, test } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

test('a burst costs two runs, and the second starts after the first ended', async () => {
  const ends: (() => void)[] = []
  const ask = oneAtATime(() => new Promise((resolve) => ends.push(resolve)))
  for (let count = 0; count < 100; count++) ask()
  expect(ends).toHaveLength(1)
  ends[0]!()
  await new Promise((resolve) => setImmediate(resolve))
  expect(ends).toHaveLength(2)
  ends[1]!()
  await new Promise((resolve) => setImmediate(resolve))
  expect(ends).toHaveLength(2)
  ask()
  expect(ends).toHaveLength(3)
})
