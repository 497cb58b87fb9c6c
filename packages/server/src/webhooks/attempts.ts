import type { LifecycleEvent } from '@mortise/contract'
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { LastDelivery } from './endpoint.ts'
import type { Outcome } from './send.ts'
import type { AttemptStatus } from './tables.ts'

/** Attempts kept for each endpoint. */
const kept = 1000

/** What was sent where, and what came back. */
export class AttemptLog {
  readonly #database: Database
  #added = 0

  constructor(database: Database) {
    this.#database = database
  }

  async add(
    webhook: number,
    event: LifecycleEvent,
    outcome: Outcome,
    status: AttemptStatus,
    attempt: number,
    now: Date,
  ): Promise<void> {
    await this.#database
      .insertInto('mortise_webhook_attempt')
      .values({
        webhook_id: webhook,
        event_id: event.event_id,
        event_type: event.event_type,
        status,
        status_code: outcome.statusCode,
        response_body: outcome.responseBody,
        error: outcome.error,
        attempt,
        delivered_at: now.toISOString(),
      })
      .execute()
    if (++this.#added % 100 === 0) await this.prune([webhook])
  }

  /** Newest first. */
  list(webhook: number, limit: number, offset: number) {
    return this.#database
      .selectFrom('mortise_webhook_attempt')
      .select(['id', 'webhook_id', 'event_id', 'event_type', 'status', 'status_code', 'response_body'])
      .select(['error', 'attempt', 'delivered_at'])
      .where('webhook_id', '=', webhook)
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute()
  }

  async newestOf(webhooks: readonly number[]): Promise<Map<number, LastDelivery>> {
    const rows = await this.#database
      .selectFrom('mortise_webhook_attempt')
      .select(['webhook_id', 'status', 'status_code', 'event_type', 'delivered_at'])
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('mortise_webhook_attempt')
          .select((inner) => inner.fn.max('id').as('id'))
          .where('webhook_id', 'in', [...webhooks])
          .groupBy('webhook_id'),
      )
      .execute()
    return new Map(rows.map(({ webhook_id, ...last }) => [webhook_id, last]))
  }

  async prune(webhooks: readonly number[]): Promise<void> {
    for (const webhook of webhooks) {
      await sql`delete from mortise_webhook_attempt where webhook_id = ${webhook} and id <= (
        select id from mortise_webhook_attempt where webhook_id = ${webhook}
        order by id desc limit 1 offset ${kept}
      )`.execute(this.#database)
    }
  }
}
