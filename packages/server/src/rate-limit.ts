import { MortiseError } from '@mortise/contract'

/** A bucket that fills at a steady rate and holds one burst. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#at = now
  }

  /** Seconds to wait before `amount` fits; 0 when it was taken. */
  take(amount: number, now: number): number {
    this.#tokens = Math.min(
      this.#burst,
      this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#perSecond,
    )
    this.#at = now
    if (amount > this.#tokens)
      return Math.ceil((Math.min(amount, this.#burst) - this.#tokens) / this.#perSecond) || 1
    this.#tokens -= amount
    return 0
  }
}

/** One bucket for each name. */
export class RateLimit {
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #perSecond: number
  readonly #burst: number
  readonly #now: () => number

  /** @param options - `now` is for tests: a clock that people set back must not stop anybody. */
  constructor(options: {
    readonly perSecond: number
    readonly burst: number
    readonly now?: () => number
  }) {
    this.#perSecond = options.perSecond
    this.#burst = options.burst
    this.#now = options.now ?? (() => performance.now())
  }

  /** @throws `RATE_LIMITED` with `data.retryAfter` in seconds. */
  take(name: string, amount = 1): void {
    const bucket = this.#buckets.get(name) ?? new TokenBucket(this.#perSecond, this.#burst, this.#now())
    this.#buckets.set(name, bucket)
    const retryAfter = bucket.take(amount, this.#now())
    if (retryAfter > 0) {
      throw new MortiseError('RATE_LIMITED', `Too many calls from ${name}. Try again in ${retryAfter} s.`, {
        data: { retryAfter },
      })
    }
  }

  forget(name: string): void {
    this.#buckets.delete(name)
  }
}
