/**
 * Milliseconds a plugin that struck too often stays down before it is tried
 * once more, by how often in a row it was stopped. The last wait repeats.
 */
export const quarantineWaitsMs: readonly number[] = [60_000, 300_000, 1_800_000, 7_200_000]

export interface QuarantineOptions {
  readonly waitsMs: readonly number[]
  readonly now: () => Date
  /** Lets the plugin run once more: the circuit is half open. */
  retry(id: string): void
}

/** The clock of the plugins that are down: each is tried again when its wait is over. */
export class Quarantine {
  readonly #options: QuarantineOptions
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(options: QuarantineOptions) {
    this.#options = options
  }

  /**
   * When a plugin may run again, in epoch milliseconds.
   *
   * @param times - How often in a row it was stopped, this time included.
   */
  retryAt(times: number): number {
    const { waitsMs, now } = this.#options
    return now().getTime() + (waitsMs[Math.min(times, waitsMs.length) - 1] ?? 0)
  }

  /** Brings the clock in line with the plugin's row: one timer where it is down, none where it is not. */
  follow(id: string, retryAt: number | null): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    if (retryAt === null) return
    const { now, retry } = this.#options
    const timer = setTimeout(
      () => {
        this.#timers.delete(id)
        retry(id)
      },
      Math.max(0, retryAt - now().getTime()),
    )
    this.#timers.set(id, timer.unref())
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
