import { type ErrorCode, errorCodes, type LifecycleEvent, toErrorRecord } from '@mortise/contract'
import type { Logger } from 'pino'
import type { Database } from './database.ts'
import type { DeliveryState } from './tables.ts'

/** How deliveries are tried. */
export interface DeliveryPolicy {
  /** Milliseconds before the second, third … try. There is one try more than there are waits. */
  readonly waitsMs: readonly number[]
  /** Deliveries of one plugin under way at a time. */
  readonly concurrency: number
}

export const defaultPolicy: DeliveryPolicy = { waitsMs: [1000, 2000, 4000, 8000], concurrency: 4 }

/** A delivery as `GET /api/v1/plugins/:id/deliveries` lists it. */
export interface DeliveryRecord {
  readonly id: number
  readonly eventId: string
  readonly eventType: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly lastError: unknown
  readonly createdAt: string
  readonly updatedAt: string
}

/** Deliveries that are not settled. */
export interface QueueDepth {
  readonly receiver: string
  readonly state: 'pending' | 'running'
  readonly depth: number
}

export interface DeliveriesOptions {
  readonly database: Database
  readonly now: () => Date
  readonly log: Logger
  /** One for all receivers, or one for each. */
  readonly policy: DeliveryPolicy | ((receiver: string) => DeliveryPolicy)
  /** Whether the plugin takes deliveries now. They wait while it does not. */
  isRunning(plugin: string): boolean
  /** Whether the plugin may still see the event. */
  maySee(plugin: string, event: LifecycleEvent): boolean
  /** `undefined` where the plugin does not run. `attempt` counts from 1. */
  deliver(plugin: string, event: LifecycleEvent, attempt: number): Promise<void> | undefined
  /** Whether a failure came from our own stop, so that it is not a try. */
  wasInterrupted?(): boolean
  didDeliver?(plugin: string, ok: boolean): void
  /** Takes the plugin's secrets out of a text. */
  scrub(plugin: string, text: string): string
}

interface Lane {
  inFlight: Set<Promise<void>>
  claiming: boolean
  again: boolean
  timer: NodeJS.Timeout | undefined
}

/**
 * Hands logged events to plugins, at least once each. A delivery that was under
 * way when the process died is tried again after the next start, with the same
 * event id.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #lanes = new Map<string, Lane>()
  #closed = false

  constructor(options: DeliveriesOptions) {
    this.#options = options
  }

  /** Takes over what an earlier process left unfinished. */
  async open(): Promise<void> {
    await this.#options.database
      .updateTable('mortise_delivery')
      .set({ state: 'pending' })
      .where('state', '=', 'running')
      .execute()
  }

  /** Looks for due deliveries of a plugin. */
  wake(plugin: string): void {
    if (this.#closed || !this.#options.isRunning(plugin)) return
    const lane = this.#lane(plugin)
    if (lane.claiming) {
      lane.again = true
      return
    }
    this.#claim(plugin, lane).catch((thrown) => {
      if (!this.#closed) this.#options.log.error({ plugin, err: thrown }, 'Deliveries could not be claimed')
    })
  }

  /** Waits for deliveries under way and takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { timer } of this.#lanes.values()) clearTimeout(timer)
    await Promise.allSettled([...this.#lanes.values()].flatMap(({ inFlight }) => [...inFlight]))
  }

  /** How many deliveries of each receiver wait or are under way. */
  async depths(receivers: readonly string[]): Promise<QueueDepth[]> {
    const states = ['pending', 'running'] as const
    const rows = await this.#options.database
      .selectFrom('mortise_delivery')
      .select(['plugin', 'state', (eb) => eb.fn.countAll<number>().as('depth')])
      .where('plugin', 'in', ['', ...receivers])
      .where('state', 'in', states)
      .groupBy(['plugin', 'state'])
      .execute()
    const depths = new Map(rows.map(({ plugin, state, depth }) => [`${state} ${plugin}`, Number(depth)]))
    return receivers.flatMap((receiver) =>
      states.map((state) => ({ receiver, state, depth: depths.get(`${state} ${receiver}`) ?? 0 })),
    )
  }

  /** A plugin's deliveries, newest first. */
  async list(plugin: string, limit: number): Promise<DeliveryRecord[]> {
    const rows = await this.#options.database
      .selectFrom('mortise_delivery as delivery')
      .innerJoin('mortise_event as event', 'event.cursor', 'delivery.cursor')
      .selectAll('delivery')
      .select(['event.event_id', 'event.event_type'])
      .where('delivery.plugin', '=', plugin)
      .orderBy('delivery.id', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => ({
      id: row.id,
      eventId: row.event_id,
      eventType: row.event_type,
      state: row.state,
      attempts: row.attempts,
      lastError: row.last_error === null ? null : JSON.parse(row.last_error),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }))
  }

  #policyOf(receiver: string): DeliveryPolicy {
    const { policy } = this.#options
    return typeof policy === 'function' ? policy(receiver) : policy
  }

  #lane(plugin: string): Lane {
    let lane = this.#lanes.get(plugin)
    if (!lane) {
      lane = { inFlight: new Set(), claiming: false, again: false, timer: undefined }
      this.#lanes.set(plugin, lane)
    }
    return lane
  }

  async #claim(plugin: string, lane: Lane): Promise<void> {
    const { database, now } = this.#options
    lane.claiming = true
    clearTimeout(lane.timer)
    try {
      const free = this.#policyOf(plugin).concurrency - lane.inFlight.size
      if (free <= 0) return
      const due = await database
        .updateTable('mortise_delivery')
        .set((eb) => ({ state: 'running', attempts: eb('attempts', '+', 1) }))
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('mortise_delivery')
            .select('id')
            .where('plugin', '=', plugin)
            .where('state', '=', 'pending')
            .where('next_at', '<=', now().getTime())
            .orderBy('id')
            .limit(free),
        )
        .returning(['id', 'cursor', 'attempts'])
        .execute()
      if (due.length === 0) await this.#setTimer(plugin, lane)
      for (const delivery of due.sort((a, b) => a.id - b.id)) {
        const run = this.#run(plugin, delivery)
          .catch((thrown) => {
            if (!this.#closed)
              this.#options.log.error({ plugin, err: thrown }, 'A delivery could not be recorded')
          })
          .finally(() => {
            lane.inFlight.delete(run)
            this.wake(plugin)
          })
        lane.inFlight.add(run)
      }
    } finally {
      lane.claiming = false
      if (lane.again) {
        lane.again = false
        this.wake(plugin)
      }
    }
  }

  async #setTimer(plugin: string, lane: Lane): Promise<void> {
    const next = await this.#options.database
      .selectFrom('mortise_delivery')
      .select((eb) => eb.fn.min('next_at').as('at'))
      .where('plugin', '=', plugin)
      .where('state', '=', 'pending')
      .executeTakeFirst()
    if (next?.at === null || next?.at === undefined || this.#closed) return
    const wait = Math.max(1, Number(next.at) - this.#options.now().getTime())
    lane.timer = setTimeout(() => this.wake(plugin), Math.min(wait, 2 ** 31 - 1))
  }

  async #run(plugin: string, delivery: { id: number; cursor: number; attempts: number }): Promise<void> {
    const { database, maySee, deliver, didDeliver } = this.#options
    const row = await database
      .selectFrom('mortise_event')
      .select('body')
      .where('cursor', '=', delivery.cursor)
      .executeTakeFirst()
    const event = row && (JSON.parse(row.body) as LifecycleEvent)
    if (!event || !maySee(plugin, event)) {
      await this.#settle(plugin, delivery.id, { state: 'dropped' })
      return
    }
    const attempt = deliver(plugin, event, delivery.attempts)
    if (!attempt) {
      // Not a try: the plugin was stopped in between. Its start wakes the lane.
      await this.#settle(plugin, delivery.id, {
        state: 'pending',
        attempts: delivery.attempts - 1,
        waitMs: 1000,
      })
      return
    }
    try {
      await attempt
      await this.#settle(plugin, delivery.id, { state: 'done' })
      didDeliver?.(plugin, true)
    } catch (thrown) {
      if (this.#options.wasInterrupted?.()) {
        await this.#settle(plugin, delivery.id, { state: 'pending', attempts: delivery.attempts - 1 })
        return
      }
      didDeliver?.(plugin, false)
      const error = toErrorRecord(thrown)
      const waitMs = isRetryable(error) ? this.#policyOf(plugin).waitsMs[delivery.attempts - 1] : undefined
      await this.#settle(plugin, delivery.id, {
        state: waitMs === undefined ? 'dead' : 'pending',
        waitMs,
        error: { code: error.code, message: this.#options.scrub(plugin, error.message) },
      })
    }
  }

  async #settle(
    plugin: string,
    id: number,
    outcome: {
      readonly state: DeliveryState
      readonly attempts?: number
      readonly waitMs?: number | undefined
      readonly error?: unknown
    },
  ): Promise<void> {
    const now = this.#options.now()
    await this.#options.database
      .updateTable('mortise_delivery')
      .set({
        state: outcome.state,
        updated_at: now.toISOString(),
        last_error: outcome.error === undefined ? null : JSON.stringify(outcome.error),
        next_at: now.getTime() + (outcome.waitMs ?? 0),
        ...(outcome.attempts === undefined ? {} : { attempts: outcome.attempts }),
      })
      .where('id', '=', id)
      .execute()
    this.#options.log.debug({ plugin, delivery: id, state: outcome.state }, 'A delivery was settled')
  }
}

/** A plugin that let a passing failure of a host call through gets the event again, like one that was stopped. */
function isRetryable(error: {
  readonly code: string
  readonly retryable: boolean
  readonly data?: unknown
}): boolean {
  if (error.retryable) return true
  const { code } = (error.data ?? {}) as { code?: unknown }
  if (error.code !== 'PLUGIN_THREW' || typeof code !== 'string' || !Object.hasOwn(errorCodes, code))
    return false
  return errorCodes[code as ErrorCode].retryable
}
