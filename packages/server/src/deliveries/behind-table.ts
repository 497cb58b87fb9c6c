import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Receivers that are or were behind. */
export interface BehindTables {
  mortise_behind: {
    receiver: string
    /** Cursor of the last event that was looked at for it, `null` where it is not behind. */
    after: number | null
    since: string | null
    /** Events that the log dropped before they were delivered. */
    lost: number
    lost_at: string | null
    /** How many of them an administrator has taken note of. */
    dismissed: number
  }
}

export const behindMigration: Migration = {
  async up(database: Kysely<unknown>) {
    await sql
      .raw(
        `create table mortise_behind (
          receiver text primary key,
          after integer,
          since text,
          lost integer not null default 0,
          lost_at text
        ) strict`,
      )
      .execute(database)
  },
}

export const dismissMigration: Migration = {
  async up(database: Kysely<unknown>) {
    await sql
      .raw('alter table mortise_behind add column dismissed integer not null default 0')
      .execute(database)
  },
}
