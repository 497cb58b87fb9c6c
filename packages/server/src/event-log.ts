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
import { CompiledQuery } from 'kysely'
import type { Database } from './database.ts'
import { insertDeliveries } from './deliveries/delivery-rows.ts'
import type { FindReceivers, Receiver } from './deliveries/receivers.ts'
import type { GroupCommit } from './group-commit.ts'
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
  readonly commits: GroupCommit
  readonly now: () => Date
  readonly newId: () => string
  readonly findReceivers: FindReceivers
  readonly filter?: FilterEvent
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
  on conflict (event_id) do nothing returning cursor`

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
   * Reads where the log stands and drops what is older than the newest `keep`
   * events. Must be awaited before the first append.
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
    await database.transaction().execute((transaction) => prune(transaction, 0, this.#tail))
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
   * @throws `INPUT_INVALID` with pointers into the event, `EVENT_DROPPED`, `QUEUE_FULL` with
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
        this.#options.commits.run((transaction) => this.#insert(transaction, traced, body)),
      )
      if (!written) return { cursor: this.#head, event, body }
      this.announce([written])
      return written
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
    const { domains, newId, now } = this.#options
    const published = unwrap(parse(publishedEventSchema, input), 'INPUT_INVALID', refusal)
    const owner = ownerOfEvent(published.event_type)
    if (owner !== undefined && owner !== plugin) {
      const message = `is a type that only the plugin ${owner} may send`
      unwrap({ ok: false, issues: [{ pointer: '/event_type', message }] }, 'INPUT_INVALID', refusal)
    }
    const data = unwrap(parseEventData(domains, published), 'INPUT_INVALID', refusal)
    return completeEvent({ ...published, data }, { id: newId(), now: now() })
  }

  /** Writes events inside a transaction of the caller, who calls `announce` when it is committed. */
  async write(transaction: Database, events: readonly TracedEvent[]): Promise<WrittenEvent[]> {
    const written: WrittenEvent[] = []
    for (const traced of events) {
      const one = await this.#insert(transaction, traced, JSON.stringify(traced.event))
      if (one) written.push(one)
    }
    return written
  }

  /** `undefined` for an event whose id the log has already. */
  async #insert(
    transaction: Database,
    { event, trace }: TracedEvent,
    body: string,
  ): Promise<WrittenEvent | undefined> {
    const { rows } = await transaction.executeQuery<{ cursor: number }>(
      CompiledQuery.raw(insertText, [
        event.event_id,
        event.event_type,
        body,
        trace ?? null,
      ]) as CompiledQuery<{
        cursor: number
      }>,
    )
    if (!rows[0]) return undefined
    const { cursor } = rows[0]
    const receivers = this.#options.findReceivers(event)
    if (receivers.length > 0) await insertDeliveries(transaction, cursor, receivers, this.#options.now())
    return { cursor, event, body, receivers, trace }
  }

  /** Tells listeners about committed events. */
  announce(events: readonly WrittenEvent[]): void {
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
      .orderBy('cursor', 'desc')
      .limit(limit)
      .execute()
    return rows.map(read)
  }

  #prune(): void {
    const from = this.#tail
    this.#tail = this.#head - this.#keep
    const { commits } = this.#options
    // What is not deleted now is deleted at the next start.
    commits.run((transaction) => prune(transaction, from, from + pruneStep)).catch(() => {})
  }
}

/** Events by which the log may outgrow what is kept before some are deleted. */
const pruneStep = 1000

/** Deletes events up to a cursor with their deliveries. One that is still to be delivered stays, whatever its age. */
async function prune(transaction: Database, from: number, to: number): Promise<void> {
  await transaction
    .deleteFrom('mortise_delivery')
    .where('cursor', '>', from)
    .where('cursor', '<=', to)
    .where('state', 'in', ['done', 'dead', 'dropped'])
    .execute()
  await transaction
    .deleteFrom('mortise_event')
    .where('cursor', '>', from)
    .where('cursor', '<=', to)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('mortise_delivery')
            .select('id')
            .whereRef('mortise_delivery.cursor', '=', 'mortise_event.cursor'),
        ),
      ),
    )
    .execute()
}

function read({ cursor, body, trace }: { cursor: number; body: string; trace: string | null }): LoggedEvent {
  return { cursor, body, event: JSON.parse(body) as LifecycleEvent, ...(trace === null ? {} : { trace }) }
}
