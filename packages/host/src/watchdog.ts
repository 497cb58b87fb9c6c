import type { ErrorRecord } from '@mortise/contract'

/** Whether a plugin may start, and when. */
export type Clearance = { readonly waitMs: number } | { readonly error: ErrorRecord }

interface Offender {
  strikes: number
  lastAt: number
  startAt: number
  quarantine?: ErrorRecord
}

export interface WatchdogOptions {
  /** Milliseconds before the first, second, … restart. One strike more is quarantine. */
  readonly restarts: readonly number[]
  /** Milliseconds without a strike after which all are forgotten. */
  readonly forgetMs: number
  readonly clock?: () => number
}

/** Counts how often plugins had to be stopped and decides whether they may start again. */
export class Watchdog {
  readonly #options: WatchdogOptions
  readonly #clock: () => number
  readonly #offenders = new Map<string, Offender>()

  constructor(options: WatchdogOptions) {
    this.#options = options
    this.#clock = options.clock ?? (() => performance.now())
  }

  /** Takes a strike down. Answers the number of strikes, `undefined` where that was one too many. */
  strike(plugin: string, quarantine: (strikes: number) => ErrorRecord): number | undefined {
    const now = this.#clock()
    const known = this.#offenders.get(plugin)
    const strikes = known && now - known.lastAt < this.#options.forgetMs ? known.strikes + 1 : 1
    const delay = this.#options.restarts[strikes - 1]
    this.#offenders.set(plugin, {
      strikes,
      lastAt: now,
      startAt: now + (delay ?? 0),
      ...(delay === undefined && { quarantine: quarantine(strikes) }),
    })
    return delay === undefined ? undefined : strikes
  }

  /** Keeps a plugin from starting until it is forgiven. */
  quarantine(plugin: string, error: ErrorRecord): void {
    const now = this.#clock()
    this.#offenders.set(plugin, {
      strikes: this.strikesOf(plugin),
      lastAt: now,
      startAt: now,
      quarantine: error,
    })
  }

  clearance(plugin: string): Clearance {
    const offender = this.#offenders.get(plugin)
    if (offender?.quarantine) return { error: offender.quarantine }
    return { waitMs: Math.max(0, (offender?.startAt ?? 0) - this.#clock()) }
  }

  /** Strikes that are not forgotten yet. */
  strikesOf(plugin: string): number {
    const offender = this.#offenders.get(plugin)
    if (!offender) return 0
    const counts = offender.quarantine || this.#clock() - offender.lastAt < this.#options.forgetMs
    return counts ? offender.strikes : 0
  }

  isQuarantined(plugin: string): boolean {
    return this.#offenders.get(plugin)?.quarantine !== undefined
  }

  forgive(plugin: string): void {
    this.#offenders.delete(plugin)
  }
}
