import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Bucket } from './rates.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout'], now: 10_000_000 }))
afterEach(() => void vi.useRealTimers())

const taken = (bucket: Bucket, tries: number) =>
  Array.from({ length: tries }, () => bucket.take(1)).filter(Boolean).length

it('holds a burst and fills with time', () => {
  const bucket = new Bucket(10, 5)
  expect(taken(bucket, 10)).toBe(10)
  expect(bucket.take(1)).toBe(false)
  vi.advanceTimersByTime(1000)
  expect(taken(bucket, 10)).toBe(4)
})

it('is not overdrawn when somebody sets the clock back, nor filled when it is set forward', () => {
  const bucket = new Bucket(10, 5)
  expect(taken(bucket, 5)).toBe(5)
  vi.setSystemTime(0)
  expect(taken(bucket, 5)).toBe(5)
  vi.setSystemTime(100_000_000)
  expect(taken(bucket, 5)).toBe(0)
})
