import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Heartbeat } from './heartbeat.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { visibilityState: 'visible' })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function start(misses: number) {
  const seen: string[] = []
  const heart: Heartbeat = new Heartbeat({
    ping: (nonce) => seen.push(`ping ${nonce}`),
    onDidFalter: (isLate) => seen.push(isLate ? 'falters with the page' : 'falters'),
    onDidStop: () => seen.push('stops'),
  })
  heart.start(100, misses)
  return { heart, seen }
}

/** The next beat of a page that is kept busy, so much later in all. */
function beatLate(ms: number): void {
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + ms)
  vi.advanceTimersByTime(100)
  vi.mocked(performance.now).mockRestore()
}

test('a guest that is silent falters after half of its pings, and stops after all', () => {
  const { seen } = start(4)
  vi.advanceTimersByTime(500)
  expect(seen).toEqual(['ping 1', 'ping 2', 'falters', 'ping 3', 'falters', 'ping 4', 'stops'])
})

test('a guest that answers in the end has missed nothing', () => {
  const { heart, seen } = start(4)
  vi.advanceTimersByTime(200)
  heart.heard(2)
  vi.advanceTimersByTime(200)
  expect(seen).toEqual(['ping 1', 'ping 2', 'ping 3', 'ping 4'])
})

test('a guest that is silent in a page that has no time for pings itself falters with it, and stops in the end', () => {
  const { seen } = start(4)
  vi.advanceTimersByTime(200)
  for (let beat = 0; beat < 3; beat++) beatLate(200 * (beat + 1))
  const falters = 'falters with the page'
  expect(seen).toEqual(['ping 1', 'ping 2', falters, 'ping 3', falters, 'ping 4', 'stops'])
})
