import { type LifecycleEvent, matchesEventType } from '@mortise/contract'

/** What outlives a realm: the state its plugin saved, and the events that came after. */
export interface SavedState {
  readonly value: unknown
  /** Whether events after the save were lost, so that the plugin has to read anew. */
  readonly missed: boolean
}

interface JournalEntry {
  readonly cursor: string
  readonly event: LifecycleEvent
  /** The realm this event was sent to last. */
  sentTo: object | undefined
}

/** Events kept between two saves. */
const maxJournal = 500

/**
 * The memory of one realm across its restarts. It starts with the first save: a
 * plugin that saves nothing starts from nothing and needs no events of the past.
 */
export class GuestMemory {
  #saved: SavedState | undefined
  #subscriptions = new Set<string>()
  #journal: JournalEntry[] = []

  get saved(): SavedState | undefined {
    return this.#saved
  }

  /**
   * Keeps a state in place of the last one.
   *
   * @param cursor - The last event that is part of the state.
   */
  save(value: unknown, cursor: string | undefined, subscriptions: ReadonlySet<string>): void {
    if (value === undefined) {
      this.forget()
      return
    }
    this.#saved = { value, missed: false }
    this.#subscriptions = new Set(subscriptions)
    const acknowledged = this.#journal.findIndex((entry) => entry.cursor === cursor)
    this.#journal.splice(0, acknowledged + 1)
  }

  follow(subscription: string): void {
    if (this.#saved) this.#subscriptions.add(subscription)
  }

  unfollow(subscription: string): void {
    this.#subscriptions.delete(subscription)
  }

  /** Takes an event of the feed down, whether the realm is alive or not. */
  note(cursor: string, event: LifecycleEvent): void {
    if (!this.#saved || this.#saved.missed) return
    for (const subscription of this.#subscriptions) {
      if (!matchesEventType(subscription, event.event_type)) continue
      this.#journal.push({ cursor, event, sentTo: undefined })
      if (this.#journal.length > maxJournal) this.lose()
      return
    }
  }

  /** Says that a realm was sent the event noted last. */
  markSent(cursor: string, realm: object): void {
    const last = this.#journal.at(-1)
    if (last?.cursor === cursor) last.sentTo = realm
  }

  /** Events after the last save that a realm was not sent yet, oldest first. */
  replay(
    isFor: (event: LifecycleEvent) => boolean,
    realm: object,
  ): readonly { cursor: string; event: LifecycleEvent }[] {
    const due = this.#journal.filter(({ event, sentTo }) => sentTo !== realm && isFor(event))
    for (const entry of due) entry.sentTo = realm
    return due
  }

  /** From here on nobody takes events down: what was saved is not the newest any more. */
  lose(): void {
    if (this.#saved) this.#saved = { value: this.#saved.value, missed: true }
    this.#journal = []
  }

  forget(): void {
    this.#saved = undefined
    this.#subscriptions.clear()
    this.#journal = []
  }
}
