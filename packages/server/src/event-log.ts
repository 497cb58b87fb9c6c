import {
  completeEvent,
  type DomainDefinition,
  type LifecycleEvent,
  MortiseError,
  ownerOfEvent,
  type PublishedEvent,
  parse,
  parseEventData,
  publishedEventSchema,
  unwrap,
} from '@mortise/contract'
import type { Database } from './database.ts'
import { insertDeliveries } from './deliveries/delivery-rows.ts'
import type { FindReceivers, Receiver } from './deliveries/receivers.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Sqlite } from './sqlite.ts'
import { Tracing } from './tracing/tracing.ts'

/** An event with its place in the log. */
export interface LoggedEvent {
  readonly cursor: number
  readonly event: LifecycleEvent
  /** The event as JSON. */
  readonly body: string
  /** W3C `traceparent` of what caused it, where it was traced. */
  readonly trace?: string | undefined
}

/** An event on its way into the log. */
export type TracedEvent = Pick<LoggedEvent, 'event' | 'trace'>

/** An event as it was written, for those who act on it. */
export interface WrittenEvent extends LoggedEvent {
  /** Who has a delivery of it. */
  readonly receivers: readonly Receiver[]
}

/** Lets filters change an event before it is logged; `undefined` where there are none. */
export type FilterEvent = (event: LifecycleEvent) => Promise<LifecycleEvent> | undefined

export interface EventLogOptions {
  /** The registry of event types. */
  readonly domains: readonly DomainDefinition[]
  readonly database: Database
  readonly sqlite: Sqlite
  readonly commits: GroupCommit
  readonly now: () => Date
  readonly newId: () => string
  readonly findReceivers: FindReceivers
  readonly filter?: FilterEvent
  /** Whether a delivery may be written for a receiver now; asked in the transaction. */
  readonly admits?: (receiver: string, cursor: number) => boolean
  /** Called in the transaction that drops the events up to a cursor. Answers what to do once it is on disk. */
  readonly willDrop?: (to: number) => () => void
  /** Sees each event once it is complete. @throws `EVENT_LOOP`. */
  readonly mark?: (event: LifecycleEvent) => LifecycleEvent
  /** What may wait for the disk at a time. */
  readonly limits?: PublishLimits | undefined
  readonly tracing?: Tracing
}

/** Most that publishers may have under way, in events and in bytes of JSON. */
export interface PublishLimits {
  readonly events: number
  readonly bytes: number
}

const defaultLimits: PublishLimits = { events: 10_000, bytes: 64_000_000 }

const refusal = 'The event was refused'

const insertText = `
  insert into mortise_event (event_id, event_type, body, trace) values (?, ?, ?, ?)
  on conflict (event_id) do nothing`
/** Events of a range, without those that are still to be delivered, whatever their age. */
const pruneTexts = [
  `delete from mortise_delivery
    where cursor > ?1 and cursor <= ?2 and state in ('done', 'dead', 'dropped')`,
  `delete from mortise_event where cursor > ?1 and cursor <= ?2
    and not exists (select 1 from mortise_delivery as delivery where delivery.cursor = mortise_event.cursor)`,
]

/**
 * The log of all that happened, in order. An event and the deliveries it causes
 * are on disk in one transaction before anybody hears of it; callers that come
 * at the same time share a transaction.
 */
export class EventLog {
  readonly #options: EventLogOptions
  readonly #limits: PublishLimits
  readonly #tracing: Tracing
  readonly #listeners = new Set<(events: readonly WrittenEvent[]) => void>()
  readonly #fresh: WrittenEvent[] = []
  #open = { events: 0, bytes: 0 }
  #keep = 0
  #head = 0
  #tail = 0

  constructor(options: EventLogOptions) {
    this.#options = options
    this.#limits = options.limits ?? defaultLimits
    this.#tracing = options.tracing ?? new Tracing(undefined)
  }

  /**
   * Reads where the log stands. Must be awaited before the first append.
   *
   * @param keep - How many of the newest events are kept at least.
   */
  async open(keep = 200_000): Promise<void> {
    const { database } = this.#options
    const last = await database
      .selectFrom('mortise_event')
      .select((eb) => eb.fn.max('cursor').as('cursor'))
      .executeTakeFirst()
    this.#keep = keep
    this.#head = Number(last?.cursor ?? 0)
    this.#tail = Math.max(0, this.#head - keep)
  }

  /** Drops what is older than is kept. */
  async drop(): Promise<void> {
    await this.#drop(0, this.#tail)
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
   * @param plugin - The plugin that sends it, where it is one.
   * @throws `INPUT_INVALID` with pointers into the event, `EVENT_DROPPED`, `EVENT_LOOP`, `QUEUE_FULL` with
   * `data.retryAfter` in seconds, `STORAGE_FULL`.
   */
  publish(input: PublishedEvent, plugin?: string): Promise<LoggedEvent> {
    const event = this.complete(input, plugin)
    const filtered = this.filter(event)
    return filtered ? this.#appendFiltered(event, filtered) : this.#append(event, JSON.stringify(event))
  }

  /** The event as filters leave it, `undefined` where there are none. @throws `EVENT_DROPPED`. */
  filter(event: LifecycleEvent): Promise<LifecycleEvent> | undefined {
    return this.#options.filter?.(event)
  }

  async #appendFiltered(event: LifecycleEvent, filtered: Promise<LifecycleEvent>): Promise<LoggedEvent> {
    const release = this.#admit(JSON.stringify(event).length)
    const passed = await filtered.finally(release)
    return this.#append(passed, JSON.stringify(passed))
  }

  async #append(event: LifecycleEvent, body: string): Promise<LoggedEvent> {
    const release = this.#admit(body.length)
    try {
      const written = await this.trace(event, (traced) =>
        this.#options.commits.run(
          (sqlite) => this.#insert(sqlite, traced, body),
          (one) => one && this.#announceSoon(one),
        ),
      )
      return written ?? { cursor: this.#head, event, body }
    } finally {
      release()
    }
  }

  /** Runs the append of an event in a span, which is what the log says caused it. */
  trace<T>(event: LifecycleEvent, append: (traced: TracedEvent) => Promise<T>): Promise<T> {
    const attributes = { 'mortise.event_type': event.event_type, 'mortise.event_id': event.event_id }
    return this.#tracing.run('event append', { kind: 'PRODUCER', attributes }, () =>
      append({ event, trace: this.#tracing.current() }),
    )
  }

  /** Takes room in memory for an event; answers how to give it back. @throws `QUEUE_FULL`. */
  #admit(bytes: number): () => void {
    const { events, bytes: most } = this.#limits
    if (this.#open.events >= events || this.#open.bytes + bytes > most) {
      throw new MortiseError(
        'QUEUE_FULL',
        `${this.#open.events} events wait to be written. Send this one again in a second.`,
        { data: { retryAfter: 1 } },
      )
    }
    this.#open.events++
    this.#open.bytes += bytes
    return () => {
      this.#open.events--
      this.#open.bytes -= bytes
    }
  }

  /** Checks a published event against the registry and fills in what was left out. */
  complete(input: unknown, plugin?: string): LifecycleEvent {
    const { domains, newId, now, mark = (event) => event } = this.#options
    const published = unwrap(parse(publishedEventSchema, input), 'INPUT_INVALID', refusal)
    const owner = ownerOfEvent(published.event_type)
    if (owner !== undefined && owner !== plugin) {
      const message = `is a type that only the plugin ${owner} may send`
      unwrap({ ok: false, issues: [{ pointer: '/event_type', message }] }, 'INPUT_INVALID', refusal)
    }
    const data = unwrap(parseEventData(domains, published), 'INPUT_INVALID', refusal)
    return mark(completeEvent({ ...published, data }, { id: newId(), now: now() }))
  }

  /** Writes events inside a transaction of the caller, who calls `announce` when it is committed. */
  write(events: readonly TracedEvent[]): WrittenEvent[] {
    const { sqlite } = this.#options
    return events.flatMap((traced) => this.#insert(sqlite, traced, JSON.stringify(traced.event)) ?? [])
  }

  /** `undefined` for an event whose id the log has already. */
  #insert(sqlite: Sqlite, { event, trace }: TracedEvent, body: string): WrittenEvent | undefined {
    const values = [event.event_id, event.event_type, body, trace ?? null]
    const { rows, rowId: cursor } = sqlite.run(insertText, values)
    if (rows === 0) return undefined
    const { findReceivers, admits } = this.#options
    const receivers = findReceivers(event).filter(({ id }) => admits?.(id, cursor) ?? true)
    if (receivers.length > 0) insertDeliveries(sqlite, cursor, receivers, this.#options.now())
    return { cursor, event, body, receivers, trace }
  }

  /** Tells of the events of one commit together. */
  #announceSoon(event: WrittenEvent): void {
    this.#fresh.push(event)
    if (this.#fresh.length === 1) queueMicrotask(() => this.#tell(this.#fresh.splice(0)))
  }

  /** Tells listeners about events of a transaction that is committed, after all that were committed before. */
  async announce(events: readonly WrittenEvent[]): Promise<void> {
    await this.#options.commits.synced()
    this.#tell(events)
  }

  #tell(events: readonly WrittenEvent[]): void {
    if (events.length === 0) return
    this.#head = Math.max(this.#head, events.at(-1)!.cursor)
    for (const listener of this.#listeners) listener(events)
    if (this.#head - this.#tail >= this.#keep + pruneStep) this.#prune()
  }

  /** Hears of events after they are committed. Answers how to stop. */
  onDidAppend(listener: (events: readonly WrittenEvent[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Events after a cursor, oldest first. */
  async after(cursor: number, limit: number): Promise<LoggedEvent[]> {
    const rows = await this.#options.database
      .selectFrom('mortise_event')
      .select(['cursor', 'body', 'trace'])
      .where('cursor', '>', cursor)
      // What comes after may not be on disk yet.
      .where('cursor', '<=', this.#head)
      .orderBy('cursor')
      .limit(limit)
      .execute()
    return rows.map(read)
  }

  /** The newest events, newest first. */
  async newest(limit: number): Promise<LoggedEvent[]> {
    const rows = await this.#options.database
      .selectFrom('mortise_event')
      .select(['cursor', 'body', 'trace'])
      .where('cursor', '<=', this.#head)
      .orderBy('cursor', 'desc')
      .limit(limit)
      .execute()
    return rows.map(read)
  }

  #prune(): void {
    const from = this.#tail
    this.#tail = this.#head - this.#keep
    // What is not deleted now is deleted at the next start.
    this.#drop(from, from + pruneStep).catch(() => {})
  }

  #drop(from: number, to: number): Promise<void> {
    const { commits, willDrop } = this.#options
    return commits.run(
      (sqlite) => {
        const didDrop = willDrop?.(to)
        for (const text of pruneTexts) sqlite.run(text, [from, to])
        return didDrop
      },
      (didDrop) => didDrop?.(),
    ) as Promise<unknown> as Promise<void>
  }
}

/** Events by which the log may outgrow what is kept before some are deleted. */
const pruneStep = 1000

function read({ cursor, body, trace }: { cursor: number; body: string; trace: string | null }): LoggedEvent {
  return { cursor, body, event: JSON.parse(body) as LifecycleEvent, ...(trace === null ? {} : { trace }) }
}
