import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'
import type { Sqlite } from './sqlite.ts'

/**
 * Changes the database and nothing else, at once: it runs again, alone, when
 * others it shared a commit with failed.
 */
export type CommitWork<T> = (sqlite: Sqlite) => T

interface Job {
  readonly work: CommitWork<unknown>
  readonly didCommit: ((value: unknown) => void) | undefined
  resolve(value: unknown): void
  reject(thrown: unknown): void
}

interface Written {
  readonly job: Job
  readonly value: unknown
}

/** Largest number of callers that share a commit. */
const batchSize = 500
/** Commits that the disk works on at a time. */
const mostSyncs = 2
/** Milliseconds after which the next commit need not wait for the one before: the disk is slow, and can do both. */
const slowMs = 2

/**
 * Lets callers of the same moment share a transaction: one write to the disk
 * instead of many. The process goes on while the disk works; who comes meanwhile
 * shares the next one.
 */
export class GroupCommit {
  readonly #database: Database
  readonly #sqlite: Sqlite
  #waiting: Job[] = []
  #flushing: Promise<void> | undefined
  readonly #syncs: Promise<void>[] = []
  #syncing: Promise<void> = Promise.resolve()

  constructor(database: Database, sqlite: Sqlite) {
    this.#database = database
    this.#sqlite = sqlite
  }

  /**
   * Answers when the work is on disk. Work that fails undoes its own changes only.
   *
   * @param didCommit - Hears of it first, in the order of the commits.
   */
  run<T>(work: CommitWork<T>, didCommit?: (value: T) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const job = { work, didCommit, resolve, reject }
      this.#waiting.push(job as Job)
      this.#flushing ??= this.#flush()
    })
  }

  /** Waits for what is committed by now to be on disk, and for `didCommit` of it. */
  synced(): Promise<void> {
    return this.#syncing
  }

  /** Waits until nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#flushing) await this.#flushing
    await this.#syncing
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      // One turn of the event loop, for callers of the same moment.
      await new Promise((resolve) => setImmediate(resolve))
      const batch = this.#waiting.splice(0, batchSize)
      try {
        // Others have transactions open over several turns: this waits for its own.
        await this.#database.connection().execute(async () => {
          this.#syncing = this.#sync(this.#commit(batch))
          this.#syncs.push(this.#syncing)
        })
      } catch (thrown) {
        for (const job of batch) job.reject(thrown)
      }
      await this.#haveRoom()
    }
    this.#flushing = undefined
  }

  /** Waits until the next commit may start. */
  async #haveRoom(): Promise<void> {
    await Promise.race([this.#syncing, sleep(slowMs)])
    if (this.#syncs.length >= mostSyncs) await this.#syncs[0]
  }

  #commit(batch: readonly Job[]): Written[] {
    try {
      return this.#sqlite.transact(() => batch.map((job) => ({ job, value: job.work(this.#sqlite) })))
    } catch (thrown) {
      if (batch.length > 1) return batch.flatMap((job) => this.#commit([job]))
      batch[0]?.reject(thrown)
      return []
    }
  }

  /** In the order of the commits, because `Sqlite.sync` is. */
  async #sync(written: readonly Written[]): Promise<void> {
    try {
      await this.#sqlite.sync()
    } catch (thrown) {
      for (const { job } of written) job.reject(thrown)
      return
    } finally {
      this.#syncs.shift()
    }
    for (const { job, value } of written) {
      try {
        job.didCommit?.(value)
        job.resolve(value)
      } catch (thrown) {
        job.reject(thrown)
      }
    }
  }
}
