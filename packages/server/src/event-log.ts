import {
  completeEvent,
  type LifecycleEvent,
  type PublishedEvent,
  parse,
  publishedEventSchema,
  unwrap,
} from '@mortise/contract'
import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** An event with its place in the log. */
export interface LoggedEvent {
  readonly cursor: number
  readonly event: LifecycleEvent
}

/** Decides which plugins get a delivery of an event. */
export type FindReceivers = (event: LifecycleEvent) => readonly string[]

/** Lets filters change an event before it is logged; `undefined` where there are none. */
export type FilterEvent = (event: LifecycleEvent) => Promise<LifecycleEvent> | undefined

interface Waiting {
  readonly event: LifecycleEvent
  readonly resolve: (logged: LoggedEvent) => void
  readonly reject: (thrown: unknown) => void
}

/**
 * The log of all that happened, in order. An event and the deliveries it causes
 * are on disk in one transaction before anybody hears of it; callers that come
 * at the same time share a transaction.
 */
export class EventLog {
  readonly #database: Database
  readonly #now: () => Date
  readonly #newId: () => string
  readonly #findReceivers: FindReceivers
  readonly #filter: FilterEvent
  readonly #listeners = new Set<(events: readonly LoggedEvent[]) => void>()
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #head = 0
  #tail = 0

  constructor(options: {
    readonly database: Database
    readonly now: () => Date
    readonly newId: () => string
    readonly findReceivers: FindReceivers
    readonly filter?: FilterEvent
  }) {
    this.#database = options.database
    this.#now = options.now
    this.#newId = options.newId
    this.#findReceivers = options.findReceivers
    this.#filter = options.filter ?? (() => undefined)
  }

  /**
   * Reads where the log stands and drops what is older than the newest `keep`
   * events. Must be awaited before the first append.
   */
  async open(keep = 200_000): Promise<void> {
    const last = await this.#database
      .selectFrom('mortise_event')
      .select((eb) => eb.fn.max('cursor').as('cursor'))
      .executeTakeFirst()
    this.#head = Number(last?.cursor ?? 0)
    this.#tail = Math.max(0, this.#head - keep)
    await this.#database.transaction().execute(async (transaction) => {
      const settled = ['done', 'dead', 'dropped'] as const
      await transaction
        .deleteFrom('mortise_delivery')
        .where('cursor', '<=', this.#tail)
        .where('state', 'in', settled)
        .execute()
      // An event that is still to be delivered stays, whatever its age.
      await transaction
        .deleteFrom('mortise_event')
        .where('cursor', '<=', this.#tail)
        .where('cursor', 'not in', (eb) => eb.selectFrom('mortise_delivery').select('cursor'))
        .execute()
    })
  }

  /** Cursor of the newest event, 0 for an empty log. */
  get head(): number {
    return this.#head
  }

  /** Events after this cursor are all there; older ones may be gone. */
  get tail(): number {
    return this.#tail
  }

  /**
   * Appends one event and answers when it is on disk. An id that the log has already is not stored twice.
   *
   * @throws `INPUT_INVALID` with pointers into the event, `EVENT_DROPPED`.
   */
  publish(input: PublishedEvent): Promise<LoggedEvent> {
    const event = this.complete(input)
    return this.filter(event)?.then((filtered) => this.#append(filtered)) ?? this.#append(event)
  }

  /** The event as filters leave it, `undefined` where there are none. @throws `EVENT_DROPPED`. */
  filter(event: LifecycleEvent): Promise<LifecycleEvent> | undefined {
    return this.#filter(event)
  }

  #append(event: LifecycleEvent): Promise<LoggedEvent> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  /** Checks a published event and fills in what was left out. */
  complete(input: unknown): LifecycleEvent {
    const published = unwrap(parse(publishedEventSchema, input), 'INPUT_INVALID', 'The event was refused')
    return completeEvent(published, { id: this.#newId(), now: this.#now() })
  }

  /** Writes events inside a transaction of the caller, who calls `announce` when it is committed. */
  async write(transaction: Transaction<Tables>, events: readonly LifecycleEvent[]): Promise<LoggedEvent[]> {
    const written: LoggedEvent[] = []
    for (const event of events) {
      const row = await transaction
        .insertInto('mortise_event')
        .values({ event_id: event.event_id, event_type: event.event_type, body: JSON.stringify(event) })
        .onConflict((conflict) => conflict.column('event_id').doNothing())
        .returning('cursor')
        .executeTakeFirst()
      if (!row) continue
      written.push({ cursor: row.cursor, event })
      const now = this.#now()
      const deliveries = this.#findReceivers(event).map((plugin) => ({
        cursor: row.cursor,
        plugin,
        state: 'pending' as const,
        attempts: 0,
        next_at: now.getTime(),
        created_at: now.toISOString(),
        updated_at: now.toISOString(),
      }))
      if (deliveries.length > 0) await transaction.insertInto('mortise_delivery').values(deliveries).execute()
    }
    return written
  }

  /** Tells listeners about committed events. */
  announce(events: readonly LoggedEvent[]): void {
    if (events.length === 0) return
    this.#head = Math.max(this.#head, events.at(-1)!.cursor)
    for (const listener of this.#listeners) listener(events)
  }

  /** Hears of events after they are committed. Answers how to stop. */
  onDidAppend(listener: (events: readonly LoggedEvent[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Events after a cursor, oldest first. */
  async after(cursor: number, limit: number): Promise<LoggedEvent[]> {
    const rows = await this.#database
      .selectFrom('mortise_event')
      .select(['cursor', 'body'])
      .where('cursor', '>', cursor)
      .orderBy('cursor')
      .limit(limit)
      .execute()
    return rows.map(read)
  }

  /** The newest events, newest first. */
  async newest(limit: number): Promise<LoggedEvent[]> {
    const rows = await this.#database
      .selectFrom('mortise_event')
      .select(['cursor', 'body'])
      .orderBy('cursor', 'desc')
      .limit(limit)
      .execute()
    return rows.map(read)
  }

  async #flush(): Promise<void> {
    // One turn of the event loop, so that callers of the same moment meet in one commit.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, 500)
      try {
        const written = await this.#database.transaction().execute((transaction) =>
          this.write(
            transaction,
            batch.map(({ event }) => event),
          ),
        )
        const cursors = new Map(written.map((logged) => [logged.event, logged.cursor]))
        this.announce(written)
        for (const { event, resolve } of batch) resolve({ cursor: cursors.get(event) ?? this.#head, event })
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown)
      }
    }
    this.#flushing = undefined
  }
}

/** Cursors as texts that sort as the numbers do. */
export function printCursor(cursor: number): string {
  return String(cursor).padStart(12, '0')
}

/** The number behind a cursor text, `undefined` for anything else. */
export function parseCursor(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function read({ cursor, body }: { cursor: number; body: string }): LoggedEvent {
  return { cursor, event: JSON.parse(body) as LifecycleEvent }
}
