import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { MortiseError } from '@mortise/contract'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/**
 * Opens the database file, with every commit on disk before it is reported, and
 * brings it up to date. The file is locked: two servers would deliver everything twice.
 *
 * @throws `CONFLICT` where another server has it open.
 */
export async function openDatabase(file: string): Promise<Database> {
  const sqlite = new DatabaseSync(file)
  try {
    sqlite.exec(
      'pragma busy_timeout = 1000; pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on',
    )
    // The lock is taken by the first write.
    sqlite.exec('begin exclusive; commit')
  } catch (thrown) {
    sqlite.close()
    throw toOpenError(thrown, file)
  }
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

function toOpenError(thrown: unknown, file: string): unknown {
  const { errcode } = thrown as { errcode?: number }
  const busy = 5
  if (errcode !== busy) return thrown
  return new MortiseError(
    'CONFLICT',
    `Another server is running on the data folder ${dirname(file)}. Stop it, or give this one its own MORTISE_DATA_DIR and MORTISE_PORT.`,
    { cause: thrown },
  )
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
