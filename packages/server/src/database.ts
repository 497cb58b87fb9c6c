import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { MortiseError } from '@mortise/contract'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** Size of a page where nobody chose another. */
const pageBytes = 4096

/**
 * Opens the database file, with every commit on disk before it is reported, and
 * brings it up to date. The file is locked: two servers would deliver everything twice.
 *
 * @param maxBytes - Size past which writes are refused as on a full disk. As large as the disk by default.
 * @throws `CONFLICT` where another server has it open.
 */
export async function openDatabase(file: string, maxBytes?: number): Promise<Database> {
  const sqlite = new DatabaseSync(file)
  try {
    sqlite.exec(
      'pragma busy_timeout = 1000; pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on',
    )
    if (maxBytes !== undefined) sqlite.exec(`pragma max_page_count = ${Math.ceil(maxBytes / pageBytes)}`)
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

type Statement = ReturnType<SqliteDatabase['prepare']>

/** Statements kept prepared. Past that the oldest goes. */
const keptStatements = 200

function adapt(sqlite: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, Statement>()
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      // SQLite takes back a transaction itself when the disk is full; there is nothing to undo then.
      if (sql === 'rollback' && !sqlite.isTransaction) return nothing
      const known = prepared.get(sql)
      if (known) return known
      const statement = prepare(sqlite, sql)
      if (prepared.size >= keptStatements) prepared.delete(prepared.keys().next().value!)
      prepared.set(sql, statement)
      return statement
    },
  }
}

const nothing: Statement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0n, lastInsertRowid: 0n }),
  iterate: () => [].values(),
}

function prepare(sqlite: DatabaseSync, sql: string): Statement {
  const statement = sqlite.prepare(sql)
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => guarded(() => statement.all(...values(parameters))),
    run: (parameters) =>
      guarded(() => {
        const { changes, lastInsertRowid } = statement.run(...values(parameters))
        return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) }
      }),
    // Its own statement: one that was left half-way must not be met by the next caller.
    iterate: (parameters) => sqlite.prepare(sql).iterate(...values(parameters)),
  }
}

/** Result codes of a write that found no room: SQLITE_FULL, and SQLITE_IOERR_WRITE where a quota ends it. */
const noRoom = new Set([13, 778])

function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    if (!noRoom.has((thrown as { errcode?: number }).errcode ?? 0)) throw thrown
    throw new MortiseError(
      'STORAGE_FULL',
      'The disk under the data folder is full. Nothing was changed; make room and try again.',
      { cause: thrown, data: { retryAfter: 10 } },
    )
  }
}
