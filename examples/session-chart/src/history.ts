import type { Session } from '@mortise/domains/streamspace'

export type State = Session['state']

/** What each session was, since when: session id → changes, oldest first. Times are milliseconds. */
export type History = ReadonlyMap<string, readonly { readonly at: number; readonly state: State }[]>

/**
 * Adds what a reading of the sessions tells to what is known already.
 *
 * The API tells what a session is now and when it last changed. A session seen
 * for the first time is taken to have run from its creation until that change;
 * what happens later is exact.
 */
export function extendHistory(history: History, sessions: readonly Session[]): History {
  const next = new Map(history)
  for (const { id, state, createdAt, updatedAt } of sessions) {
    const known = next.get(id) ?? [{ at: Date.parse(createdAt), state: 'running' }]
    const last = known.at(-1)!
    next.set(id, last.state === state ? known : [...known, { at: Date.parse(updatedAt), state }])
  }
  return next
}

/** How many sessions ran and slept at a time. */
export function countAt(history: History, time: number): { running: number; hibernated: number } {
  const count = { running: 0, hibernated: 0 }
  for (const changes of history.values()) {
    const state = changes.findLast((change) => change.at <= time)?.state
    if (state === 'running' || state === 'hibernated') count[state] += 1
  }
  return count
}

const hour = 3_600_000
const ranges = [
  { ms: hour, label: '1 hour' },
  { ms: 6 * hour, label: '6 hours' },
  { ms: 24 * hour, label: '24 hours' },
  { ms: 3 * 24 * hour, label: '3 days' },
  { ms: 7 * 24 * hour, label: '7 days' },
  { ms: 14 * 24 * hour, label: '14 days' },
  { ms: 30 * 24 * hour, label: '30 days' },
] as const

/** The shortest range that shows every session that is still there since its creation, 30 days at most. */
export function rangeOf(history: History, now: number): { readonly ms: number; readonly label: string } {
  const living = [...history.values()].filter((changes) => changes.at(-1)!.state !== 'terminated')
  const oldest = Math.min(now, ...living.map((changes) => changes[0]!.at))
  return ranges.find(({ ms }) => now - oldest <= ms) ?? ranges.at(-1)!
}
