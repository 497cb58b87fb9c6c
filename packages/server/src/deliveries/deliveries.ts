import {
  type DeliveryPage,
  type DeliveryRecord,
  type DeliveryState,
  type ErrorRecord,
  type LifecycleEvent,
  toErrorRecord,
} from '@mortise/contract'
import type { Logger } from 'pino'
import { printCursor } from '../cursor.ts'
import type { Database } from '../database.ts'
import type { GroupCommit } from '../group-commit.ts'
import { type Tracing, traceIdOf } from '../tracing/tracing.ts'
import {
  countDead,
  countWaiting,
  type DeliveryQuery,
  type DueDelivery,
  findDue,
  findNextRetry,
  listDeliveries,
  type Outcome,
  settleDelivery,
} from './delivery-rows.ts'
import { type DeliveryPolicy, isRetryable, waitAfter } from './policy.ts'

/** Deliveries that have not ended. */
export interface QueueDepth {
  readonly receiver: string
  readonly state: 'pending' | 'running'
  readonly depth: number
}

export interface DeliveriesOptions {
  readonly database: Database
  readonly commits: GroupCommit
  /** Cursor of the newest event that is on disk. */
  readonly head: () => number
  readonly now: () => Date
  readonly log: Logger
  /** One for all receivers, or one for each. */
  readonly policy: DeliveryPolicy | ((receiver: string) => DeliveryPolicy)
  /** Whether the receiver takes deliveries now. They wait while it does not. */
  isRunning(receiver: string): boolean
  /** Whether the receiver may still see the event. */
  maySee(receiver: string, event: LifecycleEvent): boolean
  /** `undefined` where the receiver does not run. `attempt` counts from 1. */
  deliver(receiver: string, event: LifecycleEvent, attempt: number): Promise<void> | undefined
  /** Whether a failure came from our own stop, so that it is not a try. */
  wasInterrupted?(): boolean
  readonly tracing: Tracing
  didDeliver?(receiver: string, ok: boolean): void
  /** Told that fewer deliveries of a receiver wait, or that it started. */
  didAdvance?(receiver: string): void
  /** Told of deliveries that are not tried any more. */
  didGiveUp?(receiver: string, event: LifecycleEvent, attempts: number, error: ErrorRecord): void
  /** Takes the receiver's secrets out of a text. */
  scrub(receiver: string, text: string): string
}

/** What is in memory of one receiver. Everything else stays in the table until its turn. */
interface Lane {
  /** Deliveries that were read and have no outcome on disk yet, by id. */
  readonly taken: Map<number, DueDelivery>
  /** Those of them whose turn has not come. */
  ready: DueDelivery[]
  readonly running: Set<Promise<void>>
  isReading: boolean
  again: boolean
  timer: NodeJS.Timeout | undefined
}

/** Deliveries of one receiver read ahead, for each that may be under way. */
const readAhead = 8
/** What an attempt that never reached the plugin fails with. */
const notTried = new Set(['PLUGIN_NOT_RUNNING', 'PLUGIN_UNAVAILABLE'])
/** Milliseconds before a receiver that turned out not to run, or a disk that was full, is tried again. */
const pauseMs = 1000

/**
 * Hands logged events to receivers, at least once each, always under the same
 * event id. What waits is in the table: memory holds a few deliveries of each
 * receiver, however many there are. Outcomes of the same moment share a commit.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #lanes = new Map<string, Lane>()
  #waiting = new Map<string, number>()
  #closed = false

  constructor(options: DeliveriesOptions) {
    this.#options = options
  }

  /** Counts what an earlier process left. */
  async open(): Promise<void> {
    this.#waiting = await countWaiting(this.#options.database)
  }

  /** Deliveries of a receiver that have not ended. */
  waitingOf(receiver: string): number {
    return this.#waiting.get(receiver) ?? 0
  }

  /** How many deliveries of each receiver wait or are under way. */
  depths(receivers: readonly string[]): QueueDepth[] {
    return receivers.flatMap((receiver) => {
      const running = this.#lanes.get(receiver)?.running.size ?? 0
      const pending = Math.max(0, this.waitingOf(receiver) - running)
      return [
        { receiver, state: 'pending' as const, depth: pending },
        { receiver, state: 'running' as const, depth: running },
      ]
    })
  }

  /** Notes deliveries that were written for a receiver, and looks for those that are due. */
  didWrite(receiver: string, count = 1): void {
    this.#waiting.set(receiver, this.waitingOf(receiver) + count)
    this.wake(receiver)
  }

  /** Looks for due deliveries of a receiver. */
  wake(receiver: string): void {
    if (this.#closed) return
    const lane = this.#lane(receiver)
    this.#pump(receiver, lane)
    if (lane.ready.length > 0 || !this.#options.isRunning(receiver)) return
    if (lane.isReading) {
      lane.again = true
      return
    }
    this.#read(receiver, lane).catch((thrown) => {
      if (!this.#closed) this.#options.log.error({ receiver, err: thrown }, 'Deliveries could not be read')
    })
  }

  /** Takes up deliveries of a receiver that started. */
  restart(receiver: string): void {
    this.#putBack(this.#lane(receiver))
    this.wake(receiver)
    this.#options.didAdvance?.(receiver)
  }

  /** Forgets a receiver whose rows were deleted. */
  forget(receiver: string): void {
    this.#waiting.delete(receiver)
    const lane = this.#lanes.get(receiver)
    if (!lane) return
    this.#putBack(lane)
    clearTimeout(lane.timer)
    this.#lanes.delete(receiver)
  }

  /** Waits for deliveries under way and takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { timer } of this.#lanes.values()) clearTimeout(timer)
    await Promise.allSettled([...this.#lanes.values()].flatMap(({ running }) => [...running]))
  }

  /** A page of a receiver's deliveries, newest event first. */
  async list(receiver: string, query: DeliveryQuery): Promise<Omit<DeliveryPage, 'backlog'>> {
    const { database } = this.#options
    const rows = await listDeliveries(database, receiver, query)
    return {
      deliveries: rows.map((row): DeliveryRecord => {
        const state = this.#stateOf(receiver, row)
        return {
          id: row.id,
          cursor: printCursor(row.cursor),
          eventId: row.event_id,
          eventType: row.event_type,
          state,
          attempts: row.attempts,
          nextTryAt: state === 'pending' && row.attempts > 0 ? new Date(row.next_at).toISOString() : null,
          lastError: row.last_error === null ? null : JSON.parse(row.last_error),
          createdAt: row.created_at,
          updatedAt: row.updated_at,
          ...(row.trace === null ? {} : { traceId: traceIdOf(row.trace) }),
        }
      }),
      waiting: this.waitingOf(receiver),
      dead: (await countDead(database, [receiver])).get(receiver) ?? 0,
      next: rows.length < query.limit ? null : printCursor(rows.at(-1)!.cursor),
    }
  }

  #stateOf(receiver: string, { id, state }: { id: number; state: DeliveryState }): DeliveryState {
    const lane = this.#lanes.get(receiver)
    const isRunning = lane?.taken.has(id) && !lane.ready.some((delivery) => delivery.id === id)
    return isRunning && state === 'pending' ? 'running' : state
  }

  #policyOf(receiver: string): DeliveryPolicy {
    const { policy } = this.#options
    return typeof policy === 'function' ? policy(receiver) : policy
  }

  #lane(receiver: string): Lane {
    let lane = this.#lanes.get(receiver)
    if (!lane) {
      lane = {
        taken: new Map(),
        ready: [],
        running: new Set(),
        isReading: false,
        again: false,
        timer: undefined,
      }
      this.#lanes.set(receiver, lane)
    }
    return lane
  }

  #putBack(lane: Lane): void {
    for (const { id } of lane.ready) lane.taken.delete(id)
    lane.ready = []
  }

  /** Starts what was read, as many at a time as the policy allows. */
  #pump(receiver: string, lane: Lane): void {
    if (this.#closed || !this.#options.isRunning(receiver)) {
      this.#putBack(lane)
      return
    }
    const { concurrency } = this.#policyOf(receiver)
    while (lane.ready.length > 0 && lane.running.size < concurrency) {
      const delivery = lane.ready.shift()!
      const run = this.#run(receiver, lane, delivery)
        .catch((thrown) => {
          this.#options.log.error({ receiver, err: thrown }, 'A delivery failed inside the host')
        })
        .finally(() => {
          lane.running.delete(run)
          this.wake(receiver)
        })
      lane.running.add(run)
    }
  }

  async #read(receiver: string, lane: Lane): Promise<void> {
    const { database, now, head } = this.#options
    lane.isReading = true
    clearTimeout(lane.timer)
    try {
      const room = this.#policyOf(receiver).concurrency * readAhead - lane.taken.size
      if (room <= 0) return
      // What is taken is still pending on disk, so it may be among the rows.
      const due = await findDue(database, receiver, room + lane.taken.size, {
        now: now().getTime(),
        head: head(),
      })
      if (this.#lanes.get(receiver) !== lane) return
      const fresh = due.filter(({ id }) => !lane.taken.has(id)).slice(0, room)
      for (const delivery of fresh) lane.taken.set(delivery.id, delivery)
      lane.ready.push(...fresh)
      if (fresh.length === 0) await this.#setTimer(receiver, lane)
      this.#pump(receiver, lane)
    } finally {
      lane.isReading = false
      if (lane.again) {
        lane.again = false
        this.wake(receiver)
      }
    }
  }

  async #setTimer(receiver: string, lane: Lane): Promise<void> {
    const at = await findNextRetry(this.#options.database, receiver)
    if (at !== undefined) this.#wakeIn(receiver, lane, at - this.#options.now().getTime())
  }

  #wakeIn(receiver: string, lane: Lane, waitMs: number): void {
    clearTimeout(lane.timer)
    if (this.#closed) return
    lane.timer = setTimeout(() => this.wake(receiver), Math.min(Math.max(1, waitMs), 2 ** 31 - 1))
  }

  async #run(receiver: string, lane: Lane, delivery: DueDelivery): Promise<void> {
    const { maySee, didDeliver, wasInterrupted } = this.#options
    const event = JSON.parse(delivery.body) as LifecycleEvent
    const tries = delivery.attempts + 1
    if (!maySee(receiver, event)) {
      this.#settle(receiver, lane, delivery, { state: 'dropped', attempts: delivery.attempts })
      return
    }
    const attempt = this.#attempt(receiver, event, tries, delivery.trace)
    if (!attempt) {
      this.#postpone(receiver, lane, delivery)
      return
    }
    try {
      await attempt
    } catch (thrown) {
      const error = toErrorRecord(thrown)
      if (wasInterrupted?.() || notTried.has(error.code)) {
        this.#postpone(receiver, lane, delivery)
        return
      }
      didDeliver?.(receiver, false)
      this.#fail(receiver, lane, delivery, event, error)
      return
    }
    didDeliver?.(receiver, true)
    this.#settle(receiver, lane, delivery, { state: 'done', attempts: tries })
  }

  /** One try, as a part of the trace that the event belongs to. */
  #attempt(
    receiver: string,
    event: LifecycleEvent,
    attempt: number,
    trace: string | null,
  ): Promise<void> | undefined {
    const { deliver, tracing } = this.#options
    const span = tracing.open('deliver', {
      kind: 'CONSUMER',
      parent: trace,
      attributes: {
        'mortise.receiver': receiver,
        'mortise.event_type': event.event_type,
        'mortise.event_id': event.event_id,
        'mortise.attempt': attempt,
      },
    })
    if (!span) return deliver(receiver, event, attempt)
    return span
      .within(() => deliver(receiver, event, attempt))
      ?.then(
        () => span.end({}, false),
        (thrown) => {
          span.end({ 'error.type': toErrorRecord(thrown).code }, true)
          throw thrown
        },
      )
  }

  /** Not a try: the receiver was stopped in between. Its start goes on with it. */
  #postpone(receiver: string, lane: Lane, { id }: DueDelivery): void {
    lane.taken.delete(id)
    this.#putBack(lane)
    this.#wakeIn(receiver, lane, pauseMs)
  }

  #fail(
    receiver: string,
    lane: Lane,
    delivery: DueDelivery,
    event: LifecycleEvent,
    thrown: ErrorRecord,
  ): void {
    const { scrub, didGiveUp, now } = this.#options
    const attempts = delivery.attempts + 1
    const waitMs = isRetryable(thrown) ? waitAfter(this.#policyOf(receiver), attempts) : undefined
    const message = scrub(receiver, thrown.message)
    if (waitMs === undefined) didGiveUp?.(receiver, event, attempts, { ...thrown, message })
    this.#settle(receiver, lane, delivery, {
      state: waitMs === undefined ? 'dead' : 'pending',
      attempts,
      nextAt: now().getTime() + (waitMs ?? 0),
      error: { code: thrown.code, message },
    })
  }

  /** Records an outcome. Until it is on disk the delivery counts as taken. */
  #settle(
    receiver: string,
    lane: Lane,
    delivery: DueDelivery,
    outcome: Pick<Outcome, 'state' | 'attempts'> & Partial<Outcome>,
  ): void {
    const { commits, now, log } = this.#options
    const time = now()
    commits
      .run((sqlite) =>
        settleDelivery(sqlite, receiver, delivery, { nextAt: time.getTime(), ...outcome }, time),
      )
      .then(
        () => {
          lane.taken.delete(delivery.id)
          if (outcome.state !== 'pending') {
            this.#waiting.set(receiver, Math.max(0, this.waitingOf(receiver) - 1))
            this.#options.didAdvance?.(receiver)
          }
          log.debug({ receiver, delivery: delivery.id, state: outcome.state }, 'A delivery was settled')
        },
        async (thrown) => {
          log.error({ receiver, err: thrown }, 'The outcome of a delivery could not be recorded')
          if (this.#closed) return
          await new Promise((resolve) => setTimeout(resolve, pauseMs))
          if (!this.#closed) this.#settle(receiver, lane, delivery, outcome)
        },
      )
      .finally(() => this.wake(receiver))
  }
}
