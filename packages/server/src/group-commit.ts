import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** Changes the database and nothing else: it runs again, alone, when others it shared a commit with failed. */
export type CommitWork<T> = (transaction: Transaction<Tables>) => Promise<T>

interface Job {
  readonly work: CommitWork<unknown>
  resolve(value: unknown): void
  reject(thrown: unknown): void
}

/** Largest number of callers that share a commit. */
const batchSize = 500
/** Milliseconds from which on a commit is slow: sharing it pays more than the wait costs. */
const slowMs = 2
/** Most that callers wait for others, in milliseconds. */
const longestWaitMs = 10

/** Lets callers of the same moment share a transaction: one write to the disk instead of many. */
export class GroupCommit {
  readonly #database: Database
  #waiting: Job[] = []
  #flushing: Promise<void> | undefined
  #last = { size: 0, ms: 0 }

  constructor(database: Database) {
    this.#database = database
  }

  /** Answers when the work is on disk. Work that fails undoes its own changes only. */
  run<T>(work: CommitWork<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      this.#flushing ??= this.#flush()
    })
  }

  /** Waits until nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#flushing) await this.#flushing
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather()
      const batch = this.#waiting.splice(0, batchSize)
      const started = performance.now()
      await this.#commit(batch)
      this.#last = { size: batch.length, ms: performance.now() - started }
    }
    this.#flushing = undefined
  }

  /**
   * Waits for callers of the same moment: one turn of the event loop and, where
   * the disk is slow, until as many came as met the last time, no longer than
   * half of what that commit took. One caller alone never waits.
   */
  async #gather(): Promise<void> {
    const { size, ms } = this.#last
    const until = performance.now() + (ms < slowMs ? 0 : Math.min(ms / 2, longestWaitMs))
    do await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length < Math.min(size, batchSize) && performance.now() < until)
  }

  async #commit(batch: readonly Job[]): Promise<void> {
    try {
      const values = await this.#database.transaction().execute(async (transaction) => {
        const values: unknown[] = []
        for (const { work } of batch) values.push(await work(transaction))
        return values
      })
      batch.forEach(({ resolve }, index) => void resolve(values[index]))
    } catch (thrown) {
      if (batch.length === 1) batch[0]!.reject(thrown)
      else for (const job of batch) await this.#commit([job])
    }
  }
}
