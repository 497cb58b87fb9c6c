import type { Budgets } from '@mortise/host'

/**
 * What one plugin may cost this page in a second. A dashboard that redraws a long table ten times a
 * second stays below the warning; what is beyond the last limit can only be a mistake or an attack.
 */
export const budgets: Budgets = {
  warn: { calls: 200, bytes: 2_000_000, mutations: 5_000, latencyMs: 250 },
  throttle: { calls: 1_000, bytes: 8_000_000, mutations: 20_000 },
  quarantine: { calls: 20_000, bytes: 40_000_000, mutations: 100_000 },
}
