import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Sealed values, apart from the configuration they belong to. */
export interface SecretTables {
  mortise_secret: {
    plugin: string
    /** `config`: a value of the configuration, named by its JSON pointer. `own`: a secret of the manifest. */
    kind: 'config' | 'own'
    name: string
    sealed: string
    set_by: string
    set_at: string
  }
}

export const secretMigration: Migration = {
  async up(database: Kysely<unknown>) {
    await sql
      .raw(
        `create table mortise_secret (
          plugin text not null references mortise_plugin (id) on delete cascade,
          kind text not null,
          name text not null,
          sealed text not null,
          set_by text not null,
          set_at text not null,
          primary key (plugin, kind, name)
        ) strict`,
      )
      .execute(database)
  },
}
