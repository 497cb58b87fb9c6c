import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { contactMigration } from './contacts/tables.ts'
import { behindMigration, dismissMigration } from './deliveries/behind-table.ts'
import { emailMigration } from './powers/email/tables.ts'
import { jobMigration } from './powers/jobs/tables.ts'
import { secretMigration } from './secrets/tables.ts'
import { webhookMigration } from './webhooks/tables.ts'

/** The backend's own tables, in the order they came to be. Applied migrations are never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-start': {
    async up(database: Kysely<unknown>) {
      for (const statement of start) await sql.raw(statement).execute(database)
    },
  },
  '0002-webhooks': webhookMigration,
  '0003-secrets': secretMigration,
  '0004-half-open': {
    async up(database: Kysely<unknown>) {
      for (const column of ['quarantines integer not null default 0', 'retry_at integer']) {
        await sql.raw(`alter table mortise_plugin add column ${column}`).execute(database)
      }
    },
  },
  '0005-deliveries': {
    async up(database: Kysely<unknown>) {
      for (const statement of deliveries) await sql.raw(statement).execute(database)
    },
  },
  '0006-jobs': jobMigration,
  '0007-previous': {
    async up(database: Kysely<unknown>) {
      await sql.raw(previous).execute(database)
    },
  },
  '0008-trace': {
    async up(database: Kysely<unknown>) {
      await sql.raw('alter table mortise_event add column trace text').execute(database)
    },
  },
  '0009-email': emailMigration,
  '0010-contacts': contactMigration,
  '0011-behind': behindMigration,
  '0012-dismiss': dismissMigration,
}

const deliveries = [
  `update mortise_delivery set state = 'pending' where state = 'running'`,
  `alter table mortise_delivery add column order_key text`,
  `drop index mortise_delivery_due`,
  `create unique index mortise_delivery_once on mortise_delivery (cursor, plugin)`,
  `create index mortise_delivery_fresh on mortise_delivery (plugin, cursor)
    where state = 'pending' and attempts = 0`,
  `create index mortise_delivery_retry on mortise_delivery (plugin, next_at)
    where state = 'pending' and attempts > 0`,
  `create index mortise_delivery_line on mortise_delivery (plugin, order_key, cursor)
    where order_key is not null and state in ('pending', 'queued')`,
  `create index mortise_delivery_dead on mortise_delivery (plugin, cursor) where state = 'dead'`,
]

const previous = `create table mortise_previous (
  plugin text primary key references mortise_plugin (id) on delete cascade,
  version text not null,
  manifest text not null,
  source text not null,
  config text not null,
  grants text not null
) strict`

const start = [
  `create table mortise_event (
    cursor integer primary key autoincrement,
    event_id text not null unique,
    event_type text not null,
    body text not null
  ) strict`,
  `create table mortise_delivery (
    id integer primary key autoincrement,
    cursor integer not null,
    plugin text not null,
    state text not null,
    attempts integer not null default 0,
    next_at integer not null,
    last_error text,
    created_at text not null,
    updated_at text not null
  ) strict`,
  `create index mortise_delivery_due on mortise_delivery (plugin, state, next_at)`,
  `create table mortise_plugin (
    id text primary key,
    version text not null,
    manifest text not null,
    source text not null,
    enabled integer not null default 0,
    quarantined integer not null default 0,
    strikes integer not null default 0,
    config text not null,
    handlers text not null default '[]',
    subscriptions text not null default '[]',
    last_error text,
    installed_by text not null,
    installed_at text not null,
    updated_at text not null
  ) strict`,
  `create table mortise_grant (
    plugin text not null references mortise_plugin (id) on delete cascade,
    kind text not null,
    name text not null,
    origin text not null,
    decision text not null,
    decided_by text,
    decided_at text,
    primary key (plugin, kind, name)
  ) strict`,
  `create table mortise_plugin_value (
    plugin text not null references mortise_plugin (id) on delete cascade,
    key text not null,
    value text not null,
    size integer not null,
    primary key (plugin, key)
  ) strict`,
  `create table mortise_user_session (
    id_hash text primary key,
    user text not null,
    expires_at integer not null
  ) strict`,
  `create table mortise_user_theme (user text primary key, value text not null) strict`,
]
