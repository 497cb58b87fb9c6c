import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { RateLimit } from './rate-limit.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout'], now: 10_000_000 }))
afterEach(() => void vi.useRealTimers())

const open = () => new RateLimit({ perSecond: 2, burst: 4 })
const taken = (limit: RateLimit, tries: number) =>
  Array.from({ length: tries }, () => {
    try {
      limit.take('one')
      return true
    } catch {
      return false
    }
  }).filter(Boolean).length

it('lets a burst pass, then so many a second', () => {
  const limit = open()
  expect(taken(limit, 10)).toBe(4)
  vi.advanceTimersByTime(1000)
  expect(taken(limit, 10)).toBe(2)
  vi.advanceTimersByTime(60_000)
  expect(taken(limit, 10)).toBe(4)
})

it('says how long to wait', () => {
  const limit = open()
  taken(limit, 4)
  expect(() => limit.take('one', 4)).toThrow(expect.objectContaining({ data: { retryAfter: 2 } }))
  limit.take('other', 4)
})

it('goes by no clock that people set', () => {
  const limit = open()
  expect(taken(limit, 10)).toBe(4)
  vi.setSystemTime(0)
  vi.advanceTimersByTime(1000)
  expect(taken(limit, 10)).toBe(2)
  vi.setSystemTime(100_000_000)
  expect(taken(limit, 10)).toBe(0)
})
