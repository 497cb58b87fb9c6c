/** Deliveries and what starts them over, as the HTTP interface says them. */
import { type Infer, s } from './schema.ts'

/** States of a delivery, as they are filtered by. */
export const deliveryStates = ['pending', 'queued', 'running', 'done', 'dead', 'dropped'] as const

/**
 * How a delivery stands. `queued` waits for an earlier one with the same order
 * key, `dead` was given up, `dropped` may not be seen by the plugin any more.
 */
export type DeliveryState = (typeof deliveryStates)[number]

/** One event handed, or to be handed, to the server code of a plugin. */
export interface DeliveryRecord {
  readonly id: number
  /** Place of the event in the log. */
  readonly cursor: string
  /** Stays the same, however often the event is delivered. */
  readonly eventId: string
  readonly eventType: string
  readonly state: DeliveryState
  /** Tries that ended, since the last replay. */
  readonly attempts: number
  /** When it is tried again, ISO 8601; `null` where it is due or has ended. */
  readonly nextTryAt: string | null
  readonly lastError: { readonly code: string; readonly message: string } | null
  readonly createdAt: string
  readonly updatedAt: string
  /** The trace that the event and this delivery are part of, where there is one. */
  readonly traceId?: string
}

/** Whether a receiver gets on with what happens. */
export interface BacklogState {
  /**
   * Since when so much waits that deliveries are no longer written ahead, ISO 8601;
   * `null` where it keeps up. They are made from the log as soon as it gets on.
   */
  readonly behindSince: string | null
  /** Cursor of the first event that has no delivery yet. */
  readonly behindFrom: string | null
  /** Events that the log dropped before they were delivered, and that nobody has dismissed. */
  readonly lost: number
  readonly lostAt: string | null
}

/** Answer of `GET /api/v1/plugins/:id/deliveries`, newest event first. */
export interface DeliveryPage {
  readonly deliveries: readonly DeliveryRecord[]
  /** Deliveries that have not ended. */
  readonly waiting: number
  /** Deliveries that were given up. */
  readonly dead: number
  readonly backlog: BacklogState
  /** `before` of the next page, `null` on the last. */
  readonly next: string | null
}

const cursorText = s.pipe(s.string(), s.regex(/^\d{1,15}$/, 'is not a cursor'))

/** Body of `POST /api/v1/plugins/:id/deliveries/replay`: which deliveries start over. */
export const replayBodySchema = s.union([
  s.strictObject({
    ids: s.pipe(s.array(s.pipe(s.number(), s.integer(), s.minValue(1))), s.minLength(1), s.maxLength(1000)),
  }),
  s.strictObject({ state: s.literal('dead') }),
  /** Events of the log from a cursor on, it included, up to another; to the newest where `to` is left out. */
  s.strictObject({ from: cursorText, to: s.optional(cursorText) }),
])
export type ReplayBody = Infer<typeof replayBodySchema>

/** Body of `POST /api/v1/plugins/:id/deliveries/dismiss`: when the newest loss was that the person saw. */
export const dismissBodySchema = s.strictObject({ lostAt: s.pipe(s.string(), s.isoTimestamp()) })

/** Answer of a replay. */
export interface ReplayResult {
  /** Deliveries that start over or are made anew. What still waited is not counted. */
  readonly replayed: number
  /** Oldest event that the log still had of a range. */
  readonly from?: string
  readonly to?: string
}
