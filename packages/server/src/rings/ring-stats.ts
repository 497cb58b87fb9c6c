const errorsUntilQuarantine = 10
const quarantineMs = 60_000
const window = 500

/** What is known of one plugin in one ring. Times are in milliseconds. */
export interface RingPluginStats {
  readonly invocations: number
  readonly errors: number
  readonly blocks: number
  readonly timeouts: number
  readonly total_latency_ms: number
  readonly consecutive_errors: number
  /** Epoch milliseconds, 0 for a plugin that is not in quarantine. */
  readonly quarantined_until: number
  readonly avg_latency_ms: number
  readonly latency_percentiles: { readonly p50: number; readonly p95: number; readonly p99: number }
}

/** `unasked` is one whose sandbox is held back: nothing came of it, good or bad. */
export type RingOutcome = 'ok' | 'block' | 'error' | 'timeout' | 'unasked'

/** Counts calls of one plugin in one ring and keeps it out while it only fails. */
export class RingStats {
  readonly #now: () => number
  readonly #samples: number[] = []
  #invocations = 0
  #errors = 0
  #blocks = 0
  #timeouts = 0
  #totalMs = 0
  #inARow = 0
  #quarantinedUntil = 0
  #isProbing = false

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether the plugin may be asked. After its quarantine one call at a time tries it out. */
  enter(): boolean {
    if (this.#quarantinedUntil === 0) return true
    if (this.#now() < this.#quarantinedUntil || this.#isProbing) return false
    this.#isProbing = true
    return true
  }

  leave(outcome: RingOutcome, ms: number): void {
    this.#isProbing = false
    if (outcome === 'unasked') return
    this.#invocations++
    this.#totalMs += ms
    this.#samples.push(ms)
    if (this.#samples.length > window) this.#samples.shift()
    if (outcome === 'block') this.#blocks++
    if (outcome === 'timeout') this.#timeouts++
    if (outcome === 'ok' || outcome === 'block') {
      this.#inARow = 0
      this.#quarantinedUntil = 0
      return
    }
    this.#errors++
    this.#inARow++
    if (this.#inARow >= errorsUntilQuarantine) this.#quarantinedUntil = this.#now() + quarantineMs
  }

  read(): RingPluginStats {
    const sorted = [...this.#samples].sort((a, b) => a - b)
    const at = (share: number) =>
      round(sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0)
    return {
      invocations: this.#invocations,
      errors: this.#errors,
      blocks: this.#blocks,
      timeouts: this.#timeouts,
      total_latency_ms: round(this.#totalMs),
      consecutive_errors: this.#inARow,
      quarantined_until: this.#quarantinedUntil,
      avg_latency_ms: this.#invocations === 0 ? 0 : round(this.#totalMs / this.#invocations),
      latency_percentiles: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    }
  }
}

/** Two decimals, as the numbers are shown. */
export function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
