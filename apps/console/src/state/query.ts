import { useCallback, useEffect, useSyncExternalStore } from 'react'

/** What is known about something read from the server. Old data stays while it is read anew. */
export interface Query<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly loading: boolean
}

interface Entry {
  state: Query<unknown>
  load: (() => Promise<unknown>) | undefined
  run: number
  /** The newest run that has ended. */
  ended: number
  readonly listeners: Set<() => void>
}

const idle: Query<never> = { data: undefined, error: undefined, loading: true }
const entries = new Map<string, Entry>()

/** Reads something once per key and shares it between all who ask. */
export function useQuery<T>(key: string, load: () => Promise<T>): Query<T> & { reload: () => void } {
  const entry = entryOf(key)
  entry.load = load
  const subscribe = useCallback(
    (listener: () => void) => {
      const { listeners } = entryOf(key)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [key],
  )
  const state = useSyncExternalStore(subscribe, () => entryOf(key).state) as Query<T>
  useEffect(() => {
    // Parts of a page that ask for the same thing appear together: one reading is enough for all.
    const { run, ended } = entryOf(key)
    if (run === ended) void refresh(key)
  }, [key])
  const reload = useCallback(() => void refresh(key), [key])
  return { ...state, reload }
}

/** Reads a key anew, if somebody has asked for it. The newest read wins. */
export async function refresh(key: string): Promise<void> {
  const entry = entries.get(key)
  if (!entry?.load) return
  const run = ++entry.run
  set(entry, { ...entry.state, loading: true })
  try {
    const data = await entry.load()
    if (run === entry.run) set(entry, { data, error: undefined, loading: false })
  } catch (error) {
    if (run === entry.run) set(entry, { ...entry.state, error, loading: false })
  } finally {
    entry.ended = Math.max(entry.ended, run)
  }
}

/** Reads everything anew that a screen is showing: after missed events or a lost connection. */
export function refreshShown(): void {
  for (const [key, entry] of entries) if (entry.listeners.size > 0) void refresh(key)
}

/** What is known of a key now, for whoever does not draw it. */
export function peek<T>(key: string): T | undefined {
  return entries.get(key)?.state.data as T | undefined
}

/** Changes data in place, where an event already says what is new. */
export function patch<T>(key: string, change: (data: T) => T): void {
  const entry = entries.get(key)
  if (entry?.state.data === undefined) return
  set(entry, { ...entry.state, data: change(entry.state.data as T) })
}

/** Forgets everything: the next person must not see it. */
export function clearQueries(): void {
  for (const entry of entries.values()) {
    entry.ended = ++entry.run
    set(entry, idle)
  }
}

function entryOf(key: string): Entry {
  let entry = entries.get(key)
  if (!entry) {
    entry = { state: idle, load: undefined, run: 0, ended: 0, listeners: new Set() }
    entries.set(key, entry)
  }
  return entry
}

function set(entry: Entry, state: Query<unknown>): void {
  entry.state = state
  for (const listener of entry.listeners) listener()
}
