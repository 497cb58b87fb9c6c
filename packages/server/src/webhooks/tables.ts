import type { Generated, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const signatureForms = ['server-monitor', 'standard-webhooks', 'both'] as const
export type SignatureForm = (typeof signatureForms)[number]
export type AttemptStatus = 'success' | 'failed' | 'retrying'

/** Rows of managed webhooks. Their messages are in `mortise_delivery`, under `webhook:<id>`. */
export interface WebhookTables {
  mortise_webhook: {
    id: Generated<number>
    name: string
    url: string
    secret: string | null
    /** ed25519, PKCS #8 in base64. */
    signing_key: string
    previous_secret: string | null
    previous_signing_key: string | null
    /** Epoch milliseconds until which the previous ones sign too. */
    previous_until: number | null
    event_types: string
    retry_max: number
    /** Seconds. */
    timeout: number
    signature: SignatureForm
    enabled: number
    /** Messages given up in a row. */
    dead_streak: number
    disabled_reason: string | null
    created_by: string
    created_at: string
    updated_at: string
  }
  mortise_webhook_attempt: {
    id: Generated<number>
    webhook_id: number
    event_id: string
    event_type: string
    status: AttemptStatus
    status_code: number | null
    response_body: string | null
    error: string | null
    attempt: number
    delivered_at: string
  }
}

export const webhookMigration: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(database)
  },
}

const statements = [
  `create table mortise_webhook (
    id integer primary key autoincrement,
    name text not null,
    url text not null,
    secret text,
    signing_key text not null,
    previous_secret text,
    previous_signing_key text,
    previous_until integer,
    event_types text not null,
    retry_max integer not null,
    timeout integer not null,
    signature text not null,
    enabled integer not null,
    dead_streak integer not null default 0,
    disabled_reason text,
    created_by text not null,
    created_at text not null,
    updated_at text not null
  ) strict`,
  `create table mortise_webhook_attempt (
    id integer primary key autoincrement,
    webhook_id integer not null,
    event_id text not null,
    event_type text not null,
    status text not null,
    status_code integer,
    response_body text,
    error text,
    attempt integer not null,
    delivered_at text not null
  ) strict`,
  `create index mortise_webhook_attempt_newest on mortise_webhook_attempt (webhook_id, id)`,
]
