import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Work that plugins have asked to be done at set times. */
export interface JobTables {
  mortise_job: {
    plugin: string
    name: string
    schedule: string
    description: string
    /** Who scheduled it: the manifest, or the plugin's own code. */
    origin: 'manifest' | 'plugin'
    /** Epoch milliseconds; `null` where there is no next time. */
    next_at: number | null
    last_at: string | null
    last_ms: number | null
    /** JSON of an error record. */
    last_error: string | null
    runs: number
    failures: number
  }
}

export const jobMigration: Migration = {
  async up(database: Kysely<unknown>) {
    await sql
      .raw(
        `create table mortise_job (
          plugin text not null references mortise_plugin (id) on delete cascade,
          name text not null,
          schedule text not null,
          description text not null,
          origin text not null,
          next_at integer,
          last_at text,
          last_ms integer,
          last_error text,
          runs integer not null default 0,
          failures integer not null default 0,
          primary key (plugin, name)
        ) strict`,
      )
      .execute(database)
  },
}
