import { CompiledQuery, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { Sqlite } from '../sqlite.ts'
import type { StoredState } from '../tables.ts'
import type { Receiver } from './receivers.ts'

/** A delivery that is due, with its event. */
export interface DueDelivery {
  readonly id: number
  readonly order_key: string | null
  readonly attempts: number
  readonly body: string
  /** W3C `traceparent` of what caused the event. */
  readonly trace: string | null
}

/** How a delivery ended, or when it is tried again. */
export interface Outcome {
  readonly state: Exclude<StoredState, 'queued'>
  readonly attempts: number
  /** Epoch milliseconds. */
  readonly nextAt: number
  readonly error?: unknown
}

/*
 * The statements of the hot path as text: building them for each event would
 * cost more than running them. A delivery whose key is taken by an earlier one
 * is `queued`; the end of that one makes it `pending`.
 */
const insertText = `
  insert into mortise_delivery (cursor, plugin, state, attempts, next_at, created_at, updated_at, order_key)
  values (?1, ?2, 'pending', 0, ?3, ?4, ?4, null)`
const insertKeyedText = `
  insert into mortise_delivery (cursor, plugin, state, attempts, next_at, created_at, updated_at, order_key)
  values (?1, ?2, iif(exists (
    select 1 from mortise_delivery
    where plugin = ?2 and order_key = ?5 and state in ('pending', 'queued')
  ), 'queued', 'pending'), 0, ?3, ?4, ?4, ?5)`
const againText = `
  on conflict (cursor, plugin) do update set
    state = excluded.state, attempts = 0, next_at = excluded.next_at, updated_at = excluded.updated_at,
    last_error = null, order_key = excluded.order_key
  where state not in ('pending', 'queued')`
const dueText = (which: string, order: string) => `
  select delivery.id, delivery.order_key, delivery.attempts, event.body, event.trace
  from mortise_delivery as delivery join mortise_event as event on event.cursor = delivery.cursor
  where delivery.plugin = ?1 and delivery.state = 'pending' and ${which}
  order by ${order} limit ?2`
const retriesText = dueText('delivery.attempts > 0 and delivery.next_at <= ?3', 'delivery.next_at')
const freshText = dueText('delivery.attempts = 0 and delivery.cursor <= ?3', 'delivery.cursor')
const settleText = `
  update mortise_delivery set state = ?2, attempts = ?3, next_at = ?4, last_error = ?5, updated_at = ?6
  where id = ?1 and state = 'pending'`
const nextInLineText = `
  update mortise_delivery set state = 'pending' where id = (
    select id from mortise_delivery
    where plugin = ?1 and order_key = ?2 and state = 'queued'
    order by cursor limit 1
  )`

/** Writes the deliveries of one event. With `again` a delivery that ended starts over. Answers how many it wrote. */
export function insertDeliveries(
  sqlite: Sqlite,
  cursor: number,
  receivers: readonly Receiver[],
  now: Date,
  again = false,
): number {
  let written = 0
  const time = now.toISOString()
  for (const { id, orderKey } of receivers) {
    const values = [cursor, id, now.getTime(), time]
    const text = orderKey === undefined ? insertText : insertKeyedText
    const { rows } = sqlite.run(
      again ? text + againText : text,
      orderKey === undefined ? values : [...values, orderKey],
    )
    written += rows
  }
  return written
}

/** Writes one delivery unless there is one. Answers how many it wrote. */
export function fillDelivery(sqlite: Sqlite, cursor: number, { id, orderKey }: Receiver, now: Date): number {
  const values = [cursor, id, now.getTime(), now.toISOString()]
  const text = `${orderKey === undefined ? insertText : insertKeyedText} on conflict (cursor, plugin) do nothing`
  return sqlite.run(text, orderKey === undefined ? values : [...values, orderKey]).rows
}

/**
 * Deliveries to try now: those that failed before first, then in the order of the log.
 *
 * @param head - Cursor of the newest event that is on disk.
 */
export async function findDue(
  database: Database,
  receiver: string,
  limit: number,
  { now, head }: { readonly now: number; readonly head: number },
): Promise<DueDelivery[]> {
  const retries = await database.executeQuery(
    CompiledQuery.raw(retriesText, [receiver, limit, now]) as CompiledQuery<DueDelivery>,
  )
  if (retries.rows.length >= limit) return retries.rows
  const fresh = await database.executeQuery(
    CompiledQuery.raw(freshText, [receiver, limit - retries.rows.length, head]) as CompiledQuery<DueDelivery>,
  )
  return [...retries.rows, ...fresh.rows]
}

/** When the next delivery that failed is due, in epoch milliseconds. */
export async function findNextRetry(database: Database, receiver: string): Promise<number | undefined> {
  const { rows } = await sql<{ at: number | null }>`
    select min(next_at) as at from mortise_delivery
    where plugin = ${receiver} and state = 'pending' and attempts > 0`.execute(database)
  return rows[0]?.at ?? undefined
}

/** Records how a delivery went. Its end lets the next one with its key go. */
export function settleDelivery(
  sqlite: Sqlite,
  receiver: string,
  delivery: Pick<DueDelivery, 'id' | 'order_key'>,
  { state, attempts, nextAt, error }: Outcome,
  now: Date,
): void {
  const lastError = error === undefined ? null : JSON.stringify(error)
  sqlite.run(settleText, [delivery.id, state, attempts, nextAt, lastError, now.toISOString()])
  if (state !== 'pending' && delivery.order_key !== null)
    sqlite.run(nextInLineText, [receiver, delivery.order_key])
}

/** Deliveries that have not ended, by receiver. */
export async function countWaiting(database: Database): Promise<Map<string, number>> {
  const rows = await database
    .selectFrom('mortise_delivery')
    .select(['plugin', (eb) => eb.fn.countAll<number>().as('count')])
    .where('state', 'in', ['pending', 'queued'])
    .groupBy('plugin')
    .execute()
  return new Map(rows.map(({ plugin, count }) => [plugin, Number(count)]))
}

/** Deliveries that were given up, by receiver. */
export async function countDead(
  database: Database,
  receivers: readonly string[],
): Promise<Map<string, number>> {
  const rows = await database
    .selectFrom('mortise_delivery')
    .select(['plugin', (eb) => eb.fn.countAll<number>().as('count')])
    .where('plugin', 'in', [...receivers])
    // As text, so that the index of those that were given up is used.
    .where(sql<boolean>`state = 'dead'`)
    .groupBy('plugin')
    .execute()
  return new Map(rows.map(({ plugin, count }) => [plugin, Number(count)]))
}

/** Which deliveries of a receiver to list. */
export interface DeliveryQuery {
  /** `pending` covers `queued` too. */
  readonly state?: StoredState | undefined
  /** Only of events before this cursor. */
  readonly before?: number | undefined
  readonly limit: number
}

/** Deliveries of a receiver with their events, newest event first. */
export function listDeliveries(
  database: Database,
  receiver: string,
  { state, before, limit }: DeliveryQuery,
) {
  let query = database
    .selectFrom('mortise_delivery as delivery')
    .innerJoin('mortise_event as event', 'event.cursor', 'delivery.cursor')
    .selectAll('delivery')
    .select(['event.event_id', 'event.event_type', 'event.trace'])
    .where('delivery.plugin', '=', receiver)
    .orderBy('delivery.cursor', 'desc')
    .limit(limit)
  if (state !== undefined) query = query.where('delivery.state', 'in', statesOf(state))
  if (before !== undefined) query = query.where('delivery.cursor', '<', before)
  return query.execute()
}

function statesOf(state: StoredState): StoredState[] {
  return state === 'pending' ? ['pending', 'queued'] : [state]
}
