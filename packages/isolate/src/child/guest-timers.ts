const shortestMs = 4
const longestMs = 2 ** 31 - 1
const mostTimers = 1_024

/** The clocks behind a guest's timers. The guest runtime has its own, lower limit on their number. */
export class GuestTimers {
  readonly #timers = new Map<number, NodeJS.Timeout>()
  readonly #fire: (id: number) => void

  constructor(fire: (id: number) => void) {
    this.#fire = fire
  }

  start(id: number, ms: number): void {
    if (this.#timers.size >= mostTimers) return
    this.stop(id)
    const delay = Math.min(Math.max(ms || 0, shortestMs), longestMs)
    const timer = setTimeout(() => {
      this.#timers.delete(id)
      this.#fire(id)
    }, delay)
    this.#timers.set(id, timer)
  }

  stop(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
  }

  stopAll(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
