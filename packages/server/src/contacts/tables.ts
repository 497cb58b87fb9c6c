import type { ContactRecord } from '@mortise/contract'
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Which hosts plugins contacted. */
export interface ContactTables {
  mortise_contact: {
    plugin: string
    /** `''` counts what had no room of its own. */
    host: string
    side: ContactRecord['side']
    reached: number
    refused: number
    sent_bytes: number
    received_bytes: number
    first_at: string
    last_at: string
  }
}

export const contactMigration: Migration = {
  async up(database: Kysely<unknown>) {
    await sql
      .raw(`create table mortise_contact (
        plugin text not null references mortise_plugin (id) on delete cascade,
        host text not null,
        side text not null,
        reached integer not null,
        refused integer not null,
        sent_bytes integer not null,
        received_bytes integer not null,
        first_at text not null,
        last_at text not null,
        primary key (plugin, host, side)
      ) strict`)
      .execute(database)
  },
}
