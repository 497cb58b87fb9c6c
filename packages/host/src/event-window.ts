import { bridgeLimits, type HostMessage, type LifecycleEvent } from '@mortise/contract'

interface Delivery {
  readonly cursor: string
  readonly event: LifecycleEvent
  /** The subscriptions it is for. */
  readonly to: readonly number[]
}

export type EventMessage = Extract<HostMessage, { type: 'event' }>

/**
 * Sends events no faster than a guest is done with them. What a slow guest does not take in time is
 * left out, the oldest first, and it is told how many: its queue would grow without end otherwise.
 */
export class EventWindow {
  readonly #send: (message: EventMessage) => void
  #unacknowledged = 0
  #missed = 0
  #waiting: Delivery[] = []

  constructor(send: (message: EventMessage) => void) {
    this.#send = send
  }

  push(delivery: Delivery): void {
    this.#waiting.push(delivery)
    if (this.#waiting.length > bridgeLimits.eventsWaiting) {
      this.#waiting.shift()
      this.#missed++
    }
    this.#flush()
  }

  /** @param count - Events the guest is done with. More than it was sent count as all. */
  acknowledge(count: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - count)
    this.#flush()
  }

  #flush(): void {
    while (this.#unacknowledged < bridgeLimits.eventsUnacknowledged) {
      const delivery = this.#waiting.shift()
      if (!delivery) return
      this.#unacknowledged++
      this.#send({ type: 'event', ...delivery, ...(this.#missed > 0 && { missed: this.#missed }) })
      this.#missed = 0
    }
  }
}
