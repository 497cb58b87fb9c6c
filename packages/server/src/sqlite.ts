import { closeSync, fdatasync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { MortiseError } from '@mortise/contract'
import type { SqliteDatabase } from 'kysely'

type Prepared = ReturnType<SqliteDatabase['prepare']>

/** What a statement changed. */
export interface Change {
  readonly rows: number
  /** Of the last row that was inserted, by this statement or before it. */
  readonly rowId: number
}

/** Puts what was written to a file on disk, beside the event loop. */
export type SyncFile = (descriptor: number, done: (error: Error | null) => void) => void

/** Statements kept prepared. Past that the oldest goes. */
const keptStatements = 200

/**
 * The one connection to the database file: under the query builder, and beside
 * it for the statements of the hot path, which are text and prepared once.
 */
export class Sqlite {
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #syncFile: SyncFile
  readonly #statements = new Map<string, StatementSync>()
  #log: number | undefined
  #syncing: Promise<void> = Promise.resolve()
  #isLogBroken = false

  /** @param syncFile - For tests. */
  constructor(file: string, syncFile: SyncFile = fdatasync) {
    this.#file = file
    this.#syncFile = syncFile
    this.#database = new DatabaseSync(file)
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction
  }

  exec(text: string): void {
    this.#database.exec(text)
  }

  /** Runs a statement that writes. @throws `STORAGE_FULL`. */
  run(text: string, values: readonly unknown[] = []): Change {
    const { changes, lastInsertRowid } = guarded(() =>
      this.#prepare(text).run(...(values as SQLInputValue[])),
    )
    return { rows: Number(changes), rowId: Number(lastInsertRowid) }
  }

  /** Runs a statement that reads. */
  all(text: string, values: readonly unknown[] = []): unknown[] {
    return guarded(() => this.#prepare(text).all(...(values as SQLInputValue[])))
  }

  /**
   * Runs statements in a transaction that is committed and not yet on disk:
   * `sync` puts it there, without holding up the process meanwhile.
   */
  transact<T>(work: () => T): T {
    // Takes effect when it is parsed, so it cannot be prepared; and not inside a transaction.
    this.#database.exec('pragma synchronous = normal')
    try {
      this.run('begin')
      const result = work()
      this.run('commit')
      return result
    } catch (thrown) {
      if (this.isTransaction) this.run('rollback')
      throw thrown
    } finally {
      this.#database.exec('pragma synchronous = full')
    }
  }

  /**
   * Resolves when all that was committed before is on disk; in the order of the calls.
   *
   * With `synchronous = normal` SQLite leaves out one thing that it does with
   * `full`: it does not sync the write-ahead log after a commit. That is made
   * up for here, in a thread of the pool. Locks are on other files than the log,
   * so a second descriptor of it breaks none.
   */
  sync(): Promise<void> {
    const synced = this.#sync(this.#syncing)
    this.#syncing = synced.catch(() => {})
    return synced
  }

  async #sync(earlier: Promise<void>): Promise<void> {
    this.#log ??= openSync(`${this.#file}-wal`, 'r+')
    const log = this.#log
    const error = await new Promise<Error | null>((resolve) => this.#syncFile(log, resolve))
    await earlier
    if (error) this.#isLogBroken = true
    if (!this.#isLogBroken) return
    // After a sync that failed the system may take pages for written that are not, and what
    // follows them in the log is worth nothing. What is still in memory of them goes into the
    // database file, and the log starts over.
    guarded(() => this.#database.exec('pragma wal_checkpoint(truncate)'))
    this.#isLogBroken = false
  }

  close(): void {
    if (this.#log !== undefined) closeSync(this.#log)
    this.#log = undefined
    this.#database.close()
  }

  /** The connection as the query builder takes it. */
  forQueries(): SqliteDatabase {
    return {
      close: () => this.close(),
      // SQLite takes back a transaction itself when the disk is full; there is nothing to undo then.
      prepare: (text) => (text === 'rollback' && !this.isTransaction ? nothing : this.#adapt(text)),
    }
  }

  #prepare(text: string): StatementSync {
    const known = this.#statements.get(text)
    if (known) return known
    const statement = this.#database.prepare(text)
    if (this.#statements.size >= keptStatements)
      this.#statements.delete(this.#statements.keys().next().value!)
    this.#statements.set(text, statement)
    return statement
  }

  #adapt(text: string): Prepared {
    const statement = this.#prepare(text)
    const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => guarded(() => statement.all(...values(parameters))),
      run: (parameters) => {
        const { rows, rowId } = this.run(text, parameters)
        return { changes: BigInt(rows), lastInsertRowid: BigInt(rowId) }
      },
      // Its own statement: one that was left half-way must not be met by the next caller.
      iterate: (parameters) => this.#database.prepare(text).iterate(...values(parameters)),
    }
  }
}

const nothing: Prepared = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0n, lastInsertRowid: 0n }),
  iterate: () => [].values(),
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
