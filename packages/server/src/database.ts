import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** Opens the database file, with every commit on disk before it is reported, and brings it up to date. */
export async function openDatabase(file: string): Promise<Database> {
  const sqlite = new DatabaseSync(file)
  sqlite.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000',
  )
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: async () => adapt(sqlite) }) })
  await migrate(database, migrations, 'mortise')
  return database
}

/** Applies the migrations that have not run yet. `owner` keeps the books of several owners apart. */
export async function migrate<T>(
  database: Kysely<T>,
  list: Readonly<Record<string, Migration>>,
  owner: string,
): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...list }) },
    migrationTableName: `${owner}_migration`,
    migrationLockTableName: `${owner}_migration_lock`,
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

function adapt(sqlite: DatabaseSync): SqliteDatabase {
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const statement = sqlite.prepare(sql)
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => {
          const { changes, lastInsertRowid } = statement.run(...values(parameters))
          return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) }
        },
        iterate: (parameters) => statement.iterate(...values(parameters)),
      }
    },
  }
}
