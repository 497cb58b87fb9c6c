import { type LifecycleEvent, MortiseError, matchesEventType } from '@mortise/contract'
import type { GuestMemory } from './guest-memory.ts'

const maxSubscriptions = 500

/** What one guest listens to: each subscription by the id that the guest gave it. */
export class Subscriptions {
  readonly #types = new Map<number, string>()
  readonly #memory: GuestMemory
  readonly #send: (cursor: string, event: LifecycleEvent, to: readonly number[]) => void
  /** Those that were not told of the past yet. */
  readonly #fresh: number[] = []

  /** @param send - Sends an event on to subscriptions of the guest. */
  constructor(
    memory: GuestMemory,
    send: (cursor: string, event: LifecycleEvent, to: readonly number[]) => void,
  ) {
    this.#memory = memory
    this.#send = send
  }

  /** The types that are followed. */
  get types(): ReadonlySet<string> {
    return new Set(this.#types.values())
  }

  /**
   * Begins a subscription. Does nothing where the id is in use.
   *
   * @throws RATE_LIMITED where there are too many.
   */
  add(id: number, type: string): void {
    if (this.#types.has(id)) return
    if (this.#types.size >= maxSubscriptions) {
      throw new MortiseError('RATE_LIMITED', `A plugin may have ${maxSubscriptions} subscriptions.`)
    }
    this.#types.set(id, type)
    // Together for all of one message, so that each event is sent again once.
    if (this.#fresh.push(id) === 1) queueMicrotask(() => this.#replay())
  }

  /** Ends a subscription. Does nothing where there is none. */
  remove(id: number): void {
    const type = this.#types.get(id)
    if (!type) return
    this.#types.delete(id)
    if (!this.types.has(type)) this.#memory.unfollow(type)
  }

  /** Passes an event on to those that follow its type. */
  deliver(cursor: string, event: LifecycleEvent): void {
    const to = this.#matching([...this.#types.keys()], event)
    if (to.length === 0) return
    this.#send(cursor, event, to)
    this.#memory.markSent(cursor, this)
  }

  #replay(): void {
    const fresh = this.#fresh.splice(0)
    const matching = (event: LifecycleEvent) => this.#matching(fresh, event)
    for (const { cursor, event } of this.#memory.replay((event) => matching(event).length > 0, this)) {
      this.#send(cursor, event, matching(event))
    }
    for (const id of fresh) {
      const type = this.#types.get(id)
      if (type) this.#memory.follow(type)
    }
  }

  #matching(ids: readonly number[], { event_type }: LifecycleEvent): readonly number[] {
    return ids.filter((id) => {
      const type = this.#types.get(id)
      return type && matchesEventType(type, event_type)
    })
  }
}
