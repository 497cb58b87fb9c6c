/**
 * Milliseconds before a sandbox that had to be ended starts again, by how often
 * in a row it was. The last wait repeats. One accident costs nothing.
 */
export const restartWaitsMs: readonly number[] = [0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]
/** A sandbox that lived as long as this ends the row, in milliseconds. */
const settledMs = 10_000

/**
 * Holds back the restart of what has to be ended again and again. While it waits
 * nothing starts; then the next call tries it, and one more end doubles the wait.
 */
export class RestartBackoff {
  readonly #waitsMs: readonly number[]
  readonly #now: () => number
  readonly #onOver: () => void
  #inARow = 0
  #startedAt = Number.NEGATIVE_INFINITY
  #until = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  /** @param onOver - Told when a wait is over. */
  constructor(waitsMs: readonly number[], now: () => number, onOver: () => void) {
    this.#waitsMs = waitsMs
    this.#now = now
    this.#onOver = onOver
  }

  /** Milliseconds until it may start, 0 where nothing holds it back. */
  get waitMs(): number {
    return Math.max(0, this.#until - this.#now())
  }

  didStart(): void {
    this.#startedAt = this.#now()
  }

  didEnd(): void {
    const now = this.#now()
    if (now - this.#startedAt >= settledMs) this.#inARow = 0
    const wait = this.#waitsMs[Math.min(this.#inARow, this.#waitsMs.length - 1)] ?? 0
    this.#inARow++
    if (wait === 0) return
    this.#until = now + wait
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), wait).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  /** A timer may come a moment before its time. */
  #look(): void {
    if (this.waitMs > 0) this.#timer = setTimeout(() => this.#look(), Math.ceil(this.waitMs)).unref()
    else this.#onOver()
  }
}
