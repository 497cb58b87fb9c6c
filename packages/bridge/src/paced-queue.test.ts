import { expect, test } from 'vitest'
import { PacedQueue } from './paced-queue.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

test('items are taken at once until the turn is spent, and the others in order after it', async () => {
  const taken: number[] = []
  const queue = new PacedQueue<number>((item) => taken.push(item), 3)
  for (let item = 1; item <= 7; item++) queue.push(item)
  expect(taken).toEqual([1, 2, 3])
  expect(queue.waiting).toBe(4)
  await turn()
  expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(queue.waiting).toBe(0)
})

test('an item that costs more leaves less room in its turn', async () => {
  const taken: number[] = []
  const queue: PacedQueue<number> = new PacedQueue((item) => {
    taken.push(item)
    queue.spend(9)
  }, 20)
  for (let item = 1; item <= 5; item++) queue.push(item)
  expect(taken).toEqual([1, 2])
  await turn()
  expect(taken).toEqual([1, 2, 3, 4, 5])
})

test('items wait as long as they are told to', async () => {
  let waitMs = 5
  const taken: number[] = []
  const queue = new PacedQueue<number>(
    (item) => taken.push(item),
    10,
    () => waitMs,
  )
  queue.push(1)
  queue.push(2)
  expect(taken).toEqual([])
  waitMs = 0
  await expect.poll(() => taken).toEqual([1, 2])
})

test('an item may push others', () => {
  const taken: number[] = []
  const queue: PacedQueue<number> = new PacedQueue((item) => {
    taken.push(item)
    if (item === 1) queue.push(3)
  }, 10)
  queue.push(1)
  queue.push(4)
  expect(taken).toEqual([1, 3, 4])
})

test('nothing is taken after the queue was cleared, not even from within an item', async () => {
  const taken: number[] = []
  const queue: PacedQueue<number> = new PacedQueue((item) => {
    taken.push(item)
    if (item === 3) queue.clear()
  }, 2)
  for (let item = 1; item <= 6; item++) queue.push(item)
  await turn()
  expect(taken).toEqual([1, 2, 3])
  queue.push(7)
  expect(taken).toEqual([1, 2, 3, 7])
})
