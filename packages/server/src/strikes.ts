import type { InstalledPlugin } from './plugin-store.ts'
import type { Tables } from './tables.ts'

/** Strikes in a row after which a plugin stays down until its wait is over, or a person enables it. */
const maxStrikes = 5

/** What changes in the row of a plugin. */
export type PluginChange = Partial<Omit<Tables['mortise_plugin'], 'id'>>

/** When a plugin may run again, in epoch milliseconds, by how often in a row it was stopped. */
type RetryAt = (times: number) => number

/** Nothing is held against the plugin. */
export const healthy = {
  quarantined: 0,
  quarantines: 0,
  retry_at: null,
  strikes: 0,
  last_error: null,
} satisfies PluginChange

/** Half open: the plugin runs, one more strike stops it again, one success heals it. */
export const halfOpen = { quarantined: 0, strikes: maxStrikes - 1, retry_at: null } satisfies PluginChange

/** A strike more; too many of them stop the plugin. */
export function afterStrike(plugin: InstalledPlugin, atLeast: number, retryAt: RetryAt): PluginChange {
  const strikes = Math.max(plugin.strikes + 1, atLeast)
  return { strikes, ...(strikes >= maxStrikes ? quarantined(plugin, retryAt) : {}) }
}

/** The plugin did not start. One that was tried once more after a quarantine goes back. */
export function afterFailedStart(plugin: InstalledPlugin | undefined, retryAt: RetryAt): PluginChange {
  return plugin && plugin.quarantines > 0 ? quarantined(plugin, retryAt) : {}
}

function quarantined({ quarantines }: InstalledPlugin, retryAt: RetryAt): PluginChange {
  const times = quarantines + 1
  return { quarantined: 1, quarantines: times, retry_at: retryAt(times) }
}
