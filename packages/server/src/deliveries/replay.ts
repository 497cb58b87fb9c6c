import { type LifecycleEvent, MortiseError, type ReplayBody, type ReplayResult } from '@mortise/contract'
import { parseCursor, printCursor } from '../cursor.ts'
import type { Database } from '../database.ts'
import type { EventLog } from '../event-log.ts'
import type { GroupCommit } from '../group-commit.ts'
import type { Deliveries } from './deliveries.ts'
import { insertDeliveries } from './delivery-rows.ts'
import type { Receiver } from './receivers.ts'

export interface ReplayRooms {
  readonly database: Database
  readonly commits: GroupCommit
  readonly log: Pick<EventLog, 'head' | 'tail'>
  readonly deliveries: Deliveries
  readonly now: () => Date
}

/** Events by their ids, for receivers that know those and not cursors. */
export type ReplayEvents = { readonly eventIds: readonly string[] } | { readonly since: string }

/** A receiver whose deliveries are replayed. */
export interface ReplayTarget {
  readonly id: string
  /** The receiver as it takes an event now, `undefined` where it does not. */
  receive(event: LifecycleEvent): Receiver | undefined
}

/** Events of a range that are looked through in one transaction. */
const page = 500

/**
 * Lets deliveries of a receiver start over, under the event ids they had. A
 * range covers events that the receiver takes now, those from before it was
 * installed included. A delivery that still waits is left as it is.
 *
 * @throws `NOT_FOUND` for an id that is not a delivery of the receiver, or not of an event in the log.
 */
export async function replay(
  rooms: ReplayRooms,
  target: ReplayTarget,
  wanted: ReplayBody | ReplayEvents,
): Promise<ReplayResult> {
  if ('eventIds' in wanted) {
    return { replayed: await write(rooms, target, await findEvents(rooms, wanted.eventIds)) }
  }
  if ('since' in wanted) {
    const [first] = await findEvents(rooms, [wanted.since])
    return replayRange(rooms, target, { from: printCursor(first!.cursor) })
  }
  if ('ids' in wanted) return { replayed: await replayIds(rooms, target, wanted.ids) }
  if ('state' in wanted) return { replayed: await replayDead(rooms, target) }
  return replayRange(rooms, target, wanted)
}

async function findEvents({ database }: ReplayRooms, ids: readonly string[]) {
  const found = await database
    .selectFrom('mortise_event')
    .select(['event_id', 'cursor', 'body'])
    .where('event_id', 'in', [...ids])
    .orderBy('cursor')
    .execute()
  const missing = ids.find((id) => !found.some(({ event_id }) => event_id === id))
  if (missing === undefined) return found
  throw new MortiseError(
    'NOT_FOUND',
    `The log has no event ${missing}: it was a test, or it is older than what is kept.`,
  )
}

async function replayIds(rooms: ReplayRooms, target: ReplayTarget, ids: readonly number[]): Promise<number> {
  const found = await rooms.database
    .selectFrom('mortise_delivery as delivery')
    .innerJoin('mortise_event as event', 'event.cursor', 'delivery.cursor')
    .select(['delivery.id', 'delivery.cursor', 'event.body'])
    .where('delivery.plugin', '=', target.id)
    .where('delivery.id', 'in', [...ids])
    .orderBy('delivery.cursor')
    .execute()
  const missing = ids.find((id) => !found.some((row) => row.id === id))
  if (missing !== undefined)
    throw new MortiseError('NOT_FOUND', `There is no delivery ${missing} of ${target.id}. List them first.`)
  return write(rooms, target, found)
}

async function replayDead(rooms: ReplayRooms, target: ReplayTarget): Promise<number> {
  let replayed = 0
  let after = 0
  for (;;) {
    const rows = await rooms.database
      .selectFrom('mortise_delivery as delivery')
      .innerJoin('mortise_event as event', 'event.cursor', 'delivery.cursor')
      .select(['delivery.cursor', 'event.body'])
      .where('delivery.plugin', '=', target.id)
      .where('delivery.state', '=', 'dead')
      .where('delivery.cursor', '>', after)
      .orderBy('delivery.cursor')
      .limit(page)
      .execute()
    const last = rows.at(-1)
    if (!last) return replayed
    after = last.cursor
    replayed += await write(rooms, target, rows)
  }
}

async function replayRange(
  rooms: ReplayRooms,
  target: ReplayTarget,
  range: Extract<ReplayBody, { from: string }>,
): Promise<ReplayResult> {
  const { database, log } = rooms
  const from = Math.max(parseCursor(range.from) ?? 0, log.tail + 1)
  const to = Math.min(range.to === undefined ? log.head : (parseCursor(range.to) ?? 0), log.head)
  let replayed = 0
  for (let after = from - 1; after < to; ) {
    const rows = await database
      .selectFrom('mortise_event')
      .select(['cursor', 'body'])
      .where('cursor', '>', after)
      .where('cursor', '<=', to)
      .orderBy('cursor')
      .limit(page)
      .execute()
    const last = rows.at(-1)
    if (!last) break
    after = last.cursor
    replayed += await write(rooms, target, rows)
  }
  return { replayed, from: printCursor(from), to: printCursor(to) }
}

async function write(
  { commits, deliveries, now }: ReplayRooms,
  target: ReplayTarget,
  rows: readonly { readonly cursor: number; readonly body: string }[],
): Promise<number> {
  const wanted = rows.flatMap(({ cursor, body }) => {
    const receiver = target.receive(JSON.parse(body) as LifecycleEvent)
    return receiver ? [{ cursor, receiver }] : []
  })
  const written = await commits.run((sqlite) => {
    let count = 0
    for (const { cursor, receiver } of wanted)
      count += insertDeliveries(sqlite, cursor, [receiver], now(), true)
    return count
  })
  if (written > 0) deliveries.didWrite(target.id, written)
  return written
}
