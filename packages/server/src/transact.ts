import type { LifecycleEvent, PublishedEvent } from '@mortise/contract'
import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { EventLog, WrittenEvent } from './event-log.ts'
import type { Tables } from './tables.ts'

/** Runs work in one transaction with the events it emits; listeners hear of them once it is committed. */
export type Transact = <T>(
  work: (transaction: Transaction<Tables>, emit: (event: PublishedEvent) => void) => Promise<T>,
) => Promise<T>

export function createTransact(database: Database, log: EventLog): Transact {
  return async (work) => {
    const { result, written } = await database.transaction().execute(async (transaction) => {
      const events: LifecycleEvent[] = []
      const result = await work(transaction, (event) => events.push(log.complete(event)))
      // Before the commit, so that an event that is dropped undoes what it tells of.
      const filtered: LifecycleEvent[] = []
      for (const event of events) filtered.push((await log.filter(event)) ?? event)
      const written: WrittenEvent[] = await log.write(transaction, filtered)
      return { result, written }
    })
    log.announce(written)
    return result
  }
}
