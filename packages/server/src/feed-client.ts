import { type FeedFrame, toErrorRecord } from '@mortise/contract'
import type { WebSocket } from 'ws'
import { parseCursor, printCursor } from './cursor.ts'
import type { EventLog, LoggedEvent } from './event-log.ts'
import type { ShowEvent } from './people/show-event.ts'

/** Limits of the feed, and of each client. */
export interface FeedLimits {
  /** Clients at a time. */
  readonly clients: number
  readonly heartbeatMs: number
  /** Bytes that may wait for a client that does not read. */
  readonly bufferedBytes: number
  /** Events read from the log at a time. */
  readonly page: number
}

export interface FeedClientOptions {
  readonly socket: WebSocket
  readonly log: EventLog
  readonly limits: FeedLimits
  /** Where the client stopped; `null` where it begins. */
  readonly after: string | null
  readonly now: Date
  /** The event as the client gets it, `undefined` where it may not see it. */
  show: ShowEvent
  /** Whether whoever opened it may still follow. */
  mayStay(): Promise<boolean>
  /** Told why a client was cut. */
  didCut(reason: 'slow' | 'silent' | 'signed-out'): void
}

/** How long a client may take to answer a goodbye, in milliseconds. */
const goodbyeMs = 1000

/** The frame of an event, from the JSON that the log has of it. */
export function printEventFrame({ cursor, body }: Pick<LoggedEvent, 'cursor' | 'body'>): Buffer {
  return Buffer.from(`{"type":"event","cursor":"${printCursor(cursor)}","event":${body}}`)
}

/** One client of the feed: what it has been sent, and whether it keeps up. */
export class FeedClient {
  readonly #options: FeedClientOptions
  readonly #socket: WebSocket
  /** Cursor of the last event that was sent, or held back because the client may not see it. */
  #sent: number
  #reading = false
  #isAlive = true

  constructor(options: FeedClientOptions) {
    const { socket, log, after, now } = options
    this.#options = options
    this.#socket = socket
    socket.on('pong', () => {
      this.#isAlive = true
    })
    socket.on('error', () => socket.terminate())
    const { head, tail } = log
    const wanted = after === null ? head : parseCursor(after)
    const isInLog = wanted !== undefined && wanted >= tail && wanted <= head
    this.#sent = isInLog ? wanted : head
    this.#send({ type: 'hello', cursor: printCursor(head), serverTime: now.toISOString() })
    if (isInLog) this.#read()
    else this.#send({ type: 'snapshot_required', cursor: printCursor(head) })
  }

  /** @param frames - The frame of each event, the same for all clients. */
  didAppend(events: readonly LoggedEvent[], frames: readonly Buffer[]): void {
    if (this.#reading) return
    if (events[0]?.cursor !== this.#sent + 1) {
      this.#read()
      return
    }
    events.forEach((logged, index) => void this.#sendEvent(logged, frames[index]))
    // It comes back with its cursor.
    if (this.#isBehind) this.#cut('slow')
  }

  /** Cuts a client that is gone or signed out, and asks the others whether they are there. */
  async beat(): Promise<void> {
    if (!this.#isAlive) return this.#cut('silent')
    this.#isAlive = false
    this.#socket.ping()
    if (await this.#options.mayStay()) this.#send({ type: 'heartbeat', cursor: printCursor(this.#sent) })
    else {
      this.#options.didCut('signed-out')
      this.close(1008, 'Signed out')
    }
  }

  /** Says something that is not in the log, where the client keeps up. */
  tell(frame: FeedFrame): void {
    if (!this.#isBehind) this.#send(frame)
  }

  /** Says goodbye, and ends the line of a client that does not answer. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
    const timer = setTimeout(() => this.#socket.terminate(), goodbyeMs)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  /** Sends what the log has after the last event sent, page by page, as fast as the client takes it. */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    const { log, limits } = this.#options
    try {
      while (this.#isOpen && this.#sent < log.head) {
        if (this.#sent < log.tail) this.#skip()
        const page = await log.after(this.#sent, limits.page)
        // Deleted while it was read: the next round says so.
        if (this.#sent < log.tail) continue
        if (page.length === 0) this.#sent = log.head
        for (const logged of page) {
          this.#sendEvent(logged)
          if (this.#isBehind) await this.#drain()
        }
        await this.#drain()
      }
    } catch (thrown) {
      this.#send({ type: 'error', error: toErrorRecord(thrown) })
      this.#socket.close(1011)
    } finally {
      this.#reading = false
    }
  }

  /** The log dropped events that the client was too slow for. */
  #skip(): void {
    this.#sent = this.#options.log.head
    this.#send({ type: 'snapshot_required', cursor: printCursor(this.#sent) })
  }

  #sendEvent(logged: LoggedEvent, frame?: Buffer): void {
    this.#sent = logged.cursor
    if (!this.#isOpen) return
    const shown = this.#options.show(logged.event)
    if (shown === undefined) return
    const printed =
      shown === logged.event
        ? (frame ?? printEventFrame(logged))
        : printEventFrame({ ...logged, body: JSON.stringify(shown) })
    this.#socket.send(printed, { binary: false })
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  get #isBehind(): boolean {
    return this.#socket.bufferedAmount > this.#options.limits.bufferedBytes
  }

  #cut(reason: 'slow' | 'silent'): void {
    this.#options.didCut(reason)
    this.#socket.terminate()
  }

  #send(frame: FeedFrame): void {
    if (this.#isOpen) this.#socket.send(JSON.stringify(frame))
  }

  /** Waits until the socket has taken what was written, by a ping that is written after it. */
  #drain(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOpen) this.#socket.ping('', undefined, () => resolve())
      else resolve()
    })
  }
}
