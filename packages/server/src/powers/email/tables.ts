import type { EmailRecord } from '@mortise/contract'
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What plugins send by email, and to whom they may. */
export interface EmailTables {
  mortise_email: {
    id: string
    plugin: string
    state: EmailRecord['state']
    /** JSON of the message, as the plugin gave it. */
    message: string
    attempts: number
    /** Epoch milliseconds before which it is not tried. */
    next_at: number
    error: string | null
    created_at: string
  }
  mortise_email_recipient: { plugin: string; pattern: string; allowed_by: string; allowed_at: string }
}

export const emailMigration: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(database)
  },
}

const statements = [
  `create table mortise_email (
    id text primary key,
    plugin text not null references mortise_plugin (id) on delete cascade,
    state text not null,
    message text not null,
    attempts integer not null default 0,
    next_at integer not null,
    error text,
    created_at text not null
  ) strict`,
  `create index mortise_email_newest on mortise_email (plugin, created_at)`,
  `create index mortise_email_due on mortise_email (next_at) where state = 'queued'`,
  `create table mortise_email_recipient (
    plugin text not null references mortise_plugin (id) on delete cascade,
    pattern text not null,
    allowed_by text not null,
    allowed_at text not null,
    primary key (plugin, pattern)
  ) strict`,
]
