import type { ErrorCode } from '@mortise/contract'

interface Rule {
  /** What one offense counts. The restarts of the timing say how many strikes a plugin has. */
  readonly strikes: number
  /** Follows the plugin's name. */
  readonly says: string
  readonly code: ErrorCode
}

/**
 * Why the engine ends a realm by itself, and what that counts: the one policy for
 * restart, backoff and quarantine.
 */
export const misconducts = {
  hung: { strikes: 1, says: 'stopped answering', code: 'PLUGIN_TIMEOUT' },
  crashed: { strikes: 1, says: 'ended the process it ran in', code: 'PLUGIN_CRASHED' },
  flooded: { strikes: 1, says: 'sent messages without waiting for any answer', code: 'RATE_LIMITED' },
  // Nothing that an author writes by mistake sends such messages, so patience ends sooner.
  forged: { strikes: 2, says: 'sent messages that break the protocol', code: 'BRIDGE_VIOLATION' },
  navigated: { strikes: 2, says: 'left its sandbox for another page', code: 'BRIDGE_VIOLATION' },
} as const satisfies Readonly<Record<string, Rule>>

export type Misconduct = keyof typeof misconducts
