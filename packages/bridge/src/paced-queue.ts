/**
 * Takes things in order, as many in a row as a page can bear, and lets the event
 * loop go round before the next ones.
 *
 * A browser hands over everything that waits in a message pipe in one task. Where
 * taking a message lasts longer than sending one, that task grows without end and
 * timers, input and paint wait for it. Putting things aside costs next to nothing,
 * so the pipe is empty again at once and the task ends.
 */
export class PacedQueue<Item> {
  readonly #take: (item: Item) => void
  readonly #perTurn: number
  readonly #waitMs: () => number
  #left: number
  #waiting: Item[] = []
  #next = 0
  /** Whether items have to wait: an item is being taken, or the next turn is asked for. */
  #busy = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /**
   * @param take - Called with one item at a time, in order.
   * @param perTurn - Items taken before the event loop goes round.
   * @param waitMs - Asked before each item: milliseconds until it may be taken, 0 for now.
   */
  constructor(take: (item: Item) => void, perTurn: number, waitMs: () => number = () => 0) {
    this.#take = take
    this.#perTurn = perTurn
    this.#left = perTurn
    this.#waitMs = waitMs
  }

  /** Items put aside. */
  get waiting(): number {
    return this.#waiting.length - this.#next
  }

  /** Takes an item, at once where nothing waits and the turn has room. */
  push(item: Item): void {
    if (!this.#busy && this.#left > 0 && this.#waitMs() === 0) {
      this.#left--
      this.#take(item)
    } else {
      this.#waiting.push(item)
      if (!this.#busy) this.#pause()
    }
  }

  /** Counts what is being taken as so many items more. */
  spend(items: number): void {
    this.#left -= items
  }

  /** Drops what waits. */
  clear(): void {
    this.#waiting = []
    this.#next = 0
    clearTimeout(this.#timer)
  }

  #pause(): void {
    this.#busy = true
    const waitMs = this.#waitMs()
    if (waitMs > 0) this.#timer = setTimeout(this.#resume, waitMs)
    else afterTurn(this.#resume)
  }

  readonly #resume = (): void => {
    this.#busy = true
    this.#left = this.#perTurn
    // Everything may change while an item is taken: more may wait, or nothing any more.
    while (this.waiting > 0 && this.#left > 0 && this.#waitMs() === 0) {
      this.#left--
      this.#take(this.#waiting[this.#next++]!)
    }
    if (this.waiting > 0) {
      this.#pause()
    } else {
      this.clear()
      this.#busy = false
    }
  }
}

let channel: MessageChannel | undefined
let resumes: (() => void)[] = []

/**
 * Calls back once the event loop has gone round. By a message and not by a timer:
 * browsers slow down the timers of pages nobody looks at.
 */
function afterTurn(resume: () => void): void {
  if (!channel) {
    channel = new MessageChannel()
    channel.port1.onmessage = () => {
      const due = resumes
      resumes = []
      for (const each of due) each()
    }
    // In Node, waiting for nothing keeps no process alive.
    ;(channel.port1 as { unref?(): void }).unref?.()
  }
  if (resumes.push(resume) === 1) channel.port2.postMessage(0)
}
