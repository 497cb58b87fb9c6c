import { dirname } from 'node:path'
import { MortiseError } from '@mortise/contract'
import { Kysely, SqliteDialect } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import { Sqlite, type SyncFile } from './sqlite.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** Size of a page where nobody chose another. */
const pageBytes = 4096
/**
 * Pages of the write-ahead log after which they go into the database file: 16 MB. The process stands still
 * meanwhile, for the file's own sync above all, so with SQLite's own 1000 an event costs half as much of it again, or more.
 */
const checkpointPages = 4000

/**
 * Opens the database file, with every commit on disk before it is reported, and
 * brings it up to date. The file is locked: two servers would deliver everything twice.
 *
 * @param maxBytes - Size past which writes are refused as on a full disk. As large as the disk by default.
 * @param syncFile - For tests.
 * @throws `CONFLICT` where another server has it open.
 */
export async function openDatabase(
  file: string,
  maxBytes?: number,
  syncFile?: SyncFile,
): Promise<{ readonly database: Database; readonly sqlite: Sqlite }> {
  const sqlite = new Sqlite(file, syncFile)
  try {
    sqlite.exec(
      'pragma busy_timeout = 1000; pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on',
    )
    sqlite.exec(`pragma wal_autocheckpoint = ${checkpointPages}`)
    if (maxBytes !== undefined) sqlite.exec(`pragma max_page_count = ${Math.ceil(maxBytes / pageBytes)}`)
    // The lock is taken by the first write.
    sqlite.exec('begin exclusive; commit')
  } catch (thrown) {
    sqlite.close()
    throw toOpenError(thrown, file)
  }
  const database = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: async () => sqlite.forQueries() }),
  })
  await migrate(database, migrations, 'mortise')
  return { database, sqlite }
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
