import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { fastifyCookie } from '@fastify/cookie'
import { type ErrorCode, errorCodes, type FeedFrame, MortiseError, toErrorRecord } from '@mortise/contract'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Auth, sessionCookie } from './auth.ts'
import { parseCursor, printCursor } from './cursor.ts'
import type { EventLog, LoggedEvent } from './event-log.ts'
import { checkHost, identify } from './guard-requests.ts'
import { toErrorBody } from './http-errors.ts'
import type { Origins } from './origins.ts'

export const feedPath = '/api/v1/events/stream'

/** Limits of one client of the feed. */
export const feedLimits = { heartbeatMs: 15_000, bufferedBytes: 1_000_000, page: 500 } as const

export interface FeedOptions {
  readonly auth: Auth
  readonly log: EventLog
  readonly now: () => Date
  origins(): Origins
}

/** The live event feed over WebSocket. A client that says where it stopped gets all it missed, in order, once. */
export class Feed {
  readonly #options: FeedOptions
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false })
  readonly #clients = new Set<FeedClient>()
  readonly #stops: (() => void)[] = []

  constructor(options: FeedOptions) {
    this.#options = options
    this.#stops.push(
      options.log.onDidAppend((events) => {
        for (const client of this.#clients) client.didAppend(events)
      }),
    )
    const heartbeat = setInterval(() => {
      for (const client of this.#clients) client.beat()
    }, feedLimits.heartbeatMs)
    heartbeat.unref()
    this.#stops.push(() => clearInterval(heartbeat))
  }

  /** Clients connected now. */
  get size(): number {
    return this.#clients.size
  }

  /** Answers upgrade requests of a server. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      this.#accept(request, socket, head).catch((thrown) => refuse(socket, thrown))
    })
  }

  close(): void {
    for (const stop of this.#stops) stop()
    for (const client of this.#clients) client.close()
    this.#sockets.close()
  }

  async #accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { auth, origins } = this.#options
    const url = new URL(request.url ?? '/', 'http://localhost')
    checkHost(origins(), request.headers.host, url.pathname)
    if (url.pathname !== feedPath) throw coded('NOT_FOUND', 'There is no WebSocket at this address.')
    const { authorization, cookie, origin } = request.headers
    const found = await identify(auth, authorization, fastifyCookie.parse(cookie ?? '')[sessionCookie])
    // Browsers let any page open a WebSocket with the cookie: the origin is all that tells.
    if (origin !== undefined && !origins().isOwnOrigin(origin))
      throw coded('FORBIDDEN', 'The page is of another site.')
    if (found?.means === 'cookie' && origin === undefined)
      throw coded('FORBIDDEN', 'The origin header is missing.')
    if (!found) throw coded('UNAUTHENTICATED', 'Sign in first, or send the token of the administrator.')
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
      this.#open(webSocket, url.searchParams.get('after')),
    )
  }

  #open(webSocket: WebSocket, after: string | null): void {
    const { log, now } = this.#options
    const client = new FeedClient(webSocket, log, after, now())
    this.#clients.add(client)
    webSocket.on('close', () => this.#clients.delete(client))
  }
}

class FeedClient {
  readonly #socket: WebSocket
  readonly #log: EventLog
  /** Cursor of the last event that was sent. */
  #sent: number
  #reading = false
  #isAlive = true

  constructor(socket: WebSocket, log: EventLog, after: string | null, now: Date) {
    this.#socket = socket
    this.#log = log
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

  didAppend(events: readonly LoggedEvent[]): void {
    const first = events[0]?.cursor
    if (this.#reading) return
    if (first !== this.#sent + 1) this.#read()
    else for (const logged of events) this.#sendEvent(logged)
  }

  beat(): void {
    if (!this.#isAlive) {
      this.#socket.terminate()
      return
    }
    this.#isAlive = false
    this.#socket.ping()
    this.#send({ type: 'heartbeat', cursor: printCursor(this.#sent) })
  }

  close(): void {
    this.#socket.close(1001, 'The server stops')
    this.#socket.terminate()
  }

  /** Sends what the log has after the last event sent, page by page, as fast as the client takes it. */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.#socket.readyState === this.#socket.OPEN && this.#sent < this.#log.head) {
        const page = await this.#log.after(this.#sent, feedLimits.page)
        if (page.length === 0) this.#sent = this.#log.head
        for (const logged of page) this.#sendEvent(logged, false)
        await this.#drain()
      }
    } catch (thrown) {
      this.#send({ type: 'error', error: toErrorRecord(thrown) })
      this.#socket.close(1011)
    } finally {
      this.#reading = false
    }
  }

  #sendEvent({ cursor, event }: LoggedEvent, isLive = true): void {
    this.#sent = cursor
    this.#send({ type: 'event', cursor: printCursor(cursor), event })
    // A live client that does not read is cut; it comes back with its cursor.
    if (isLive && this.#socket.bufferedAmount > feedLimits.bufferedBytes) this.#socket.terminate()
  }

  #send(frame: FeedFrame): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(frame))
  }

  /** Waits until the socket has taken what was written, by a ping that is written after it. */
  #drain(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) resolve()
      else this.#socket.ping('', undefined, () => resolve())
    })
  }
}

function coded(code: ErrorCode, message: string): MortiseError {
  return new MortiseError(code, message)
}

function refuse(socket: Duplex, thrown: unknown): void {
  const record = toErrorRecord(thrown)
  const { status } = errorCodes[record.code as keyof typeof errorCodes]
  const body = JSON.stringify(toErrorBody(record))
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
