import type { BacklogState, LifecycleEvent } from '@mortise/contract'
import type { Logger } from 'pino'
import { printCursor } from '../cursor.ts'
import type { GroupCommit } from '../group-commit.ts'
import type { Sqlite } from '../sqlite.ts'
import type { BehindTables } from './behind-table.ts'
import { fillDelivery } from './delivery-rows.ts'
import type { Receiver } from './receivers.ts'

/** Deliveries that may wait for one receiver, where nobody says otherwise. */
const defaultMost = 10_000
/** Events that are looked through in one transaction. */
const page = 500

const readText = 'select * from mortise_behind where receiver = ?1'
const enterText = `
  insert into mortise_behind (receiver, after, since) values (?1, ?2, ?3)
  on conflict (receiver) do update set after = excluded.after, since = excluded.since`
const moveText = 'update mortise_behind set after = ?2 where receiver = ?1'
const leaveText = 'update mortise_behind set after = null, since = null where receiver = ?1'
const loseText = 'update mortise_behind set after = ?2, lost = lost + ?3, lost_at = ?4 where receiver = ?1'
const forgetText = 'delete from mortise_behind where receiver = ?1'
const restText = 'select cursor, body from mortise_event where cursor > ?1 order by cursor limit ?2'
const typesText = `
  select event_type, count(*) as count from mortise_event where cursor > ?1 and cursor <= ?2 group by event_type`

type Row = BehindTables['mortise_behind']

export interface BehindOptions {
  readonly sqlite: Sqlite
  readonly commits: GroupCommit
  readonly now: () => Date
  readonly log: Logger
  /** Deliveries that may wait for one receiver. Default 10,000. */
  readonly most?: number | undefined
  /** Deliveries of a receiver that have not ended. */
  waitingOf(receiver: string): number
  /** Whether the receiver takes deliveries now. */
  isRunning(receiver: string): boolean
  /** The receiver as it takes an event, `undefined` where it does not. */
  receive(receiver: string, event: LifecycleEvent): Receiver | undefined
  /** Told of deliveries that were made from the log. */
  didWrite(receiver: string, count: number): void
  /** Told what happens to a receiver, in a sentence. */
  warn(receiver: string, message: string): void
}

/**
 * Receivers for which more waits than may. No deliveries are written for them;
 * the log has what they miss, and deliveries are made from it once they get on.
 * What the log drops before is counted.
 *
 * Whether a receiver is behind is decided in the transaction that writes an
 * event, from the table: memory only knows who might be, so that a transaction
 * that is undone undoes that too, and nobody else costs a look.
 */
export class Behind {
  readonly #options: BehindOptions
  readonly #most: number
  readonly #suspects = new Set<string>()
  readonly #busy = new Set<string>()
  #closed = false

  constructor(options: BehindOptions) {
    this.#options = options
    this.#most = options.most ?? defaultMost
  }

  /** Takes up what an earlier process left. */
  open(): void {
    const rows = this.#options.sqlite.all('select * from mortise_behind where after is not null') as Row[]
    for (const { receiver } of rows) {
      this.#suspects.add(receiver)
      this.check(receiver)
    }
  }

  close(): void {
    this.#closed = true
  }

  /** Whether a delivery of an event may be written; called in the transaction that writes the event. */
  admits(receiver: string, cursor: number): boolean {
    const { sqlite, waitingOf, now, warn } = this.#options
    const isFull = waitingOf(receiver) >= this.#most
    if (!isFull && !this.#suspects.has(receiver)) return true
    if (this.#isBehind(receiver)) return false
    if (!isFull) return true
    this.#suspects.add(receiver)
    sqlite.run(enterText, [receiver, cursor - 1, now().toISOString()])
    warn(
      receiver,
      `${this.#most} deliveries wait, so no more are written ahead: they are made from the log once it gets on.`,
    )
    return false
  }

  /**
   * Counts what receivers lose; called in the transaction that drops events up to
   * a cursor. Answers how to tell them, once that is on disk.
   */
  willDrop(to: number): () => void {
    const { sqlite, receive, now, warn } = this.#options
    const losses = new Map<string, number>()
    for (const receiver of this.#suspects) {
      const after = this.#read(receiver)?.after ?? to
      if (after >= to) continue
      const types = sqlite.all(typesText, [after, to]) as { event_type: string; count: number }[]
      const lost = types
        .filter(({ event_type }) => receive(receiver, { event_type } as LifecycleEvent) !== undefined)
        .reduce((sum, { count }) => sum + count, 0)
      if (lost === 0) sqlite.run(moveText, [receiver, to])
      else {
        sqlite.run(loseText, [receiver, to, lost, now().toISOString()])
        losses.set(receiver, lost)
      }
    }
    return () => {
      for (const [receiver, lost] of losses) {
        const events = lost === 1 ? '1 event is' : `${lost} events are`
        warn(receiver, `${events} lost: it was so far behind that the log dropped them.`)
      }
    }
  }

  /** Makes deliveries from the log for a receiver that got on. */
  check(receiver: string): void {
    const { waitingOf, isRunning, log } = this.#options
    if (this.#closed || !this.#suspects.has(receiver) || this.#busy.has(receiver)) return
    if (waitingOf(receiver) > this.#most / 2 || !isRunning(receiver)) return
    this.#busy.add(receiver)
    this.#catchUp(receiver)
      .catch((err) => log.error({ receiver, err }, 'Deliveries could not be made from the log'))
      .finally(() => this.#busy.delete(receiver))
  }

  read(receiver: string): BacklogState {
    const row = this.#read(receiver)
    return {
      behindSince: row?.since ?? null,
      behindFrom: row?.after == null ? null : printCursor(row.after + 1),
      lost: (row?.lost ?? 0) - (row?.dismissed ?? 0),
      lostAt: row?.lost_at ?? null,
    }
  }

  /** All that was ever lost, dismissed or not. */
  lostOf(receiver: string): number {
    return this.#read(receiver)?.lost ?? 0
  }

  async forget(receiver: string): Promise<void> {
    this.#suspects.delete(receiver)
    await this.#options.commits.run((sqlite) => void sqlite.run(forgetText, [receiver]))
  }

  async #catchUp(receiver: string): Promise<void> {
    const { commits, waitingOf, didWrite } = this.#options
    for (let isDone = false; !isDone && !this.#closed; ) {
      const room = this.#most - waitingOf(receiver)
      if (room <= 0) return
      await commits.run(
        () => this.#fill(receiver, Math.min(page, room)),
        (filled) => {
          isDone = filled.isDone
          if (filled.written > 0) didWrite(receiver, filled.written)
          // It may have fallen behind again in a later transaction.
          if (isDone && !this.#isBehind(receiver)) this.#suspects.delete(receiver)
        },
      )
    }
  }

  /** Writes the deliveries of the next events, in the order of the log. */
  #fill(receiver: string, most: number): { written: number; isDone: boolean } {
    const { sqlite, receive, now } = this.#options
    const after = this.#read(receiver)?.after
    if (after === undefined || after === null) return { written: 0, isDone: true }
    const rows = sqlite.all(restText, [after, most]) as { cursor: number; body: string }[]
    let written = 0
    for (const { cursor, body } of rows) {
      const one = receive(receiver, JSON.parse(body) as LifecycleEvent)
      if (one) written += fillDelivery(sqlite, cursor, one, now())
    }
    const isDone = rows.length < most
    if (isDone) sqlite.run(leaveText, [receiver])
    else sqlite.run(moveText, [receiver, rows.at(-1)!.cursor])
    return { written, isDone }
  }

  #isBehind(receiver: string): boolean {
    return (this.#read(receiver)?.after ?? null) !== null
  }

  #read(receiver: string): Row | undefined {
    return this.#options.sqlite.all(readText, [receiver])[0] as Row | undefined
  }
}
