export interface HeartbeatOptions {
  readonly ping: (nonce: number) => void
  /** Whether answers may be late for a reason of the host's own, so that silence proves nothing. */
  readonly excused?: () => boolean
  /** Told of each answer, with the milliseconds it took. */
  readonly onDidHear?: (latencyMs: number) => void
  /**
   * Told with each ping after half as many in a row as prove a hang were not answered.
   *
   * @param isLate - Whether that ping is late itself: then the page had no time either, and the guest may be as ever.
   */
  readonly onDidFalter?: (isLate: boolean) => void
  /** Told once, when too many pings in a row were not answered. */
  readonly onDidStop: () => void
}

/** Share of the time between two pings by which one may be late in a page that has time. */
const tolerance = 0.5

/** Asks a guest again and again whether it still runs. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #timer: ReturnType<typeof setInterval> | undefined
  #nonce = 0
  #missed = 0
  #everyMs = 0
  #maxMissed = 0
  #pingedAt = 0

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /**
   * @param everyMs - Milliseconds between two pings.
   * @param maxMissed - Pings unanswered in a row before a guest counts as hung.
   */
  start(everyMs: number, maxMissed: number): void {
    this.#everyMs = everyMs
    this.#maxMissed = maxMissed
    this.#timer ??= setInterval(() => this.#beat(), everyMs)
  }

  /** Takes the guest's answer. Only the newest nonce counts, so old answers cannot be saved up. */
  heard(nonce: number): void {
    if (nonce !== this.#nonce || this.#missed === 0) return
    this.#missed = 0
    this.#options.onDidHear?.(performance.now() - this.#pingedAt)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    // Browsers slow down pages nobody looks at: silence there proves nothing.
    if (document.visibilityState === 'hidden' || this.#options.excused?.()) {
      this.#missed = 0
    } else if (this.#missed++ >= this.#maxMissed) {
      this.stop()
      this.#options.onDidStop()
    } else {
      const now = performance.now()
      const isLate = now - this.#pingedAt > this.#everyMs * (1 + tolerance)
      if (this.#missed > Math.ceil(this.#maxMissed / 2)) this.#options.onDidFalter?.(isLate)
      this.#pingedAt = now
      this.#options.ping(++this.#nonce)
    }
  }
}
