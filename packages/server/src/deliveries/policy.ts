import { type ErrorCode, type ErrorRecord, errorCodes } from '@mortise/contract'

/** How deliveries are tried. */
export interface DeliveryPolicy {
  /** Milliseconds before the second, third … try. There is one try more than there are waits. */
  readonly waitsMs: readonly number[]
  /** Deliveries of one receiver under way at a time. */
  readonly concurrency: number
  /** Part of each wait that is left to chance, 0 to 1, so that what failed together does not come back together. */
  readonly spread?: number
}

export const defaultPolicy: DeliveryPolicy = {
  waitsMs: [1000, 5000, 30_000, 120_000, 600_000],
  concurrency: 4,
  spread: 0.5,
}

/** Milliseconds before the next try, `undefined` after the last. */
export function waitAfter({ waitsMs, spread = 0 }: DeliveryPolicy, tries: number): number | undefined {
  const wait = waitsMs[tries - 1]
  return wait === undefined ? undefined : Math.round(wait * (1 - spread * Math.random()))
}

/** A plugin that let a passing failure of a host call through gets the event again, like one that was stopped. */
export function isRetryable(error: ErrorRecord): boolean {
  if (error.retryable) return true
  const { code } = (error.data ?? {}) as { code?: unknown }
  if (error.code !== 'PLUGIN_THREW' || typeof code !== 'string' || !Object.hasOwn(errorCodes, code))
    return false
  return errorCodes[code as ErrorCode].retryable
}
