import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { RestartBackoff, restartWaitsMs } from './restart-backoff.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function open(waitsMs = restartWaitsMs) {
  const over: number[] = []
  const backoff = new RestartBackoff(
    waitsMs,
    () => performance.now(),
    () => over.push(performance.now()),
  )
  /** Lives for a while and is ended; answers the wait. */
  const end = (livedMs: number) => {
    backoff.didStart()
    vi.advanceTimersByTime(livedMs)
    backoff.didEnd()
    return backoff.waitMs
  }
  return { backoff, over, end }
}

it('holds back longer each time, never longer than a minute, and the first time not at all', () => {
  const { backoff, over, end } = open()
  const waits = Array.from({ length: 10 }, () => {
    const wait = end(100)
    vi.advanceTimersByTime(wait)
    expect(backoff.waitMs).toBe(0)
    return wait
  })
  expect(waits).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  expect(over).toHaveLength(9)
})

it('starts from nothing once a sandbox lived for ten seconds', () => {
  const { end } = open()
  expect([end(100), end(100), end(9_999), end(10_000), end(100)]).toEqual([0, 1000, 2000, 0, 1000])
})

it('tells the end of the wait once, and nothing after it was closed', () => {
  const { backoff, over, end } = open([500])
  end(0)
  vi.advanceTimersByTime(499)
  expect(over).toEqual([])
  vi.advanceTimersByTime(1)
  expect(over).toHaveLength(1)
  end(0)
  backoff.close()
  vi.advanceTimersByTime(10_000)
  expect(over).toHaveLength(1)
})
