import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Tables of the reference workspace, in the order they came to be. Applied migrations are never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-start': {
    async up(database: Kysely<unknown>) {
      for (const statement of start) await sql.raw(statement).execute(database)
    },
  },
}

const start = [
  `create table workspace_session (
    id text primary key,
    name text not null,
    user text not null,
    template text not null,
    state text not null check (state in ('running', 'hibernated', 'terminated')),
    memory text not null,
    cpu text not null,
    persistent_home integer not null,
    idle_timeout text not null,
    created_at text not null,
    updated_at text not null,
    last_activity text
  ) strict`,
  `create index workspace_session_newest on workspace_session (created_at, id)`,
  `create table workspace_user (
    id text primary key,
    username text not null unique,
    full_name text not null,
    email text not null,
    tier text not null,
    created_at text not null,
    updated_at text not null
  ) strict`,
  `create table workspace_template (
    name text primary key,
    display_name text not null,
    description text not null,
    category text not null,
    base_image text not null,
    memory text not null,
    cpu text not null,
    tags text not null,
    created_at text not null,
    updated_at text not null
  ) strict`,
]
