import type { ErrorRecord } from '@mortise/contract'

/** Whether a plugin may start, and when. */
export type Clearance = { readonly waitMs: number } | { readonly error: ErrorRecord }

interface Offender {
  strikes: number
  /** How often it was stopped for them. */
  times: number
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

  /**
   * Takes strikes down. Answers whether the plugin may start again.
   *
   * @param quarantine - Asked why it may not, with how often it was stopped.
   */
  strike(plugin: string, count: number, quarantine: (times: number) => ErrorRecord): boolean {
    const now = this.#clock()
    const known = this.#offenders.get(plugin)
    const counts = known && now - known.lastAt < this.#options.forgetMs
    const strikes = (counts ? known.strikes : 0) + count
    const times = (counts ? known.times : 0) + 1
    const delay = this.#options.restarts[strikes - 1]
    this.#offenders.set(plugin, {
      strikes,
      times,
      lastAt: now,
      startAt: now + (delay ?? 0),
      ...(delay === undefined && { quarantine: quarantine(times) }),
    })
    return delay !== undefined
  }

  /** Keeps a plugin from starting until it is forgiven. */
  quarantine(plugin: string, error: ErrorRecord): void {
    const now = this.#clock()
    this.#offenders.set(plugin, {
      strikes: this.strikesOf(plugin),
      times: this.timesOf(plugin),
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
    return this.#remembered(plugin)?.strikes ?? 0
  }

  /** How often the plugin was stopped for the strikes that are not forgotten yet. */
  timesOf(plugin: string): number {
    return this.#remembered(plugin)?.times ?? 0
  }

  isQuarantined(plugin: string): boolean {
    return this.#offenders.get(plugin)?.quarantine !== undefined
  }

  forgive(plugin: string): void {
    this.#offenders.delete(plugin)
  }

  #remembered(plugin: string): Offender | undefined {
    const offender = this.#offenders.get(plugin)
    if (!offender) return undefined
    const counts = offender.quarantine || this.#clock() - offender.lastAt < this.#options.forgetMs
    return counts ? offender : undefined
  }
}
