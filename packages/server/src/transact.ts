import type { LifecycleEvent, PublishedEvent } from '@mortise/contract'
import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { EventLog, TracedEvent, WrittenEvent } from './event-log.ts'
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
      const filtered: TracedEvent[] = []
      for (const event of events) {
        const kept = (await log.filter(event)) ?? event
        filtered.push(await log.trace(kept, async (traced) => traced))
      }
      const written: WrittenEvent[] = log.write(filtered)
      return { result, written }
    })
    await log.announce(written)
    return result
  }
}
