/** A bucket that fills with time and says whether one more may pass. */
export class Bucket {
  readonly #capacity: number
  readonly #perSecond: number
  #level: number
  #at: number

  constructor(capacity: number, perSecond: number, now = performance.now()) {
    this.#capacity = capacity
    this.#perSecond = perSecond
    this.#level = capacity
    this.#at = now
  }

  /** Takes `amount` out; false when the bucket is overdrawn by it. */
  take(amount: number, now = performance.now()): boolean {
    this.#level = Math.min(this.#capacity, this.#level + ((now - this.#at) / 1000) * this.#perSecond)
    this.#at = now
    this.#level -= amount
    if (this.#level >= 0) return true
    this.#level = Math.max(this.#level, -this.#capacity)
    return false
  }
}
