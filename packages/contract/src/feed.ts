import type { ErrorRecord } from './errors.ts'
import type { LifecycleEvent } from './event.ts'
import type { ContactNews } from './http.ts'

/**
 * Frames of `GET /api/v1/events/stream`. A client connects with
 * `?after=<cursor>` to resume; cursors are opaque, ordered texts. An administrator
 * who adds `contacts=true` is told which hosts plugins contact, too.
 */
export type FeedFrame =
  /** First frame. `cursor` is where the log stood when the client connected. */
  | { readonly type: 'hello'; readonly cursor: string; readonly serverTime: string }
  | { readonly type: 'event'; readonly cursor: string; readonly event: LifecycleEvent }
  /** The cursor is older than the log: read the state anew, then follow from here. */
  | { readonly type: 'snapshot_required'; readonly cursor: string }
  /** Sent every 15 s so that both sides notice a dead line. */
  | { readonly type: 'heartbeat'; readonly cursor: string }
  /** Sent about a second after it happened, and never again: `GET /plugins/:id/contacts` has the sums. */
  | { readonly type: 'contacts'; readonly contacts: readonly ContactNews[] }
  | { readonly type: 'error'; readonly error: ErrorRecord }
