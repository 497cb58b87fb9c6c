import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type ContactNews,
  type DomainDefinition,
  type ErrorCode,
  errorCodes,
  MortiseError,
  toErrorRecord,
} from '@mortise/contract'
import { WebSocketServer } from 'ws'
import type { Auth } from './auth.ts'
import type { Actor } from './config.ts'
import type { EventLog, LoggedEvent } from './event-log.ts'
import { FeedClient, type FeedLimits, printEventFrame } from './feed-client.ts'
import { checkHost } from './guard-requests.ts'
import { toErrorBody } from './http-errors.ts'
import type { Origins } from './origins.ts'
import { unauthenticated } from './people/access.ts'
import { showEventsTo } from './people/show-event.ts'

export const feedPath = '/api/v1/events/stream'

const defaultLimits: FeedLimits = { clients: 5000, heartbeatMs: 15_000, bufferedBytes: 1_000_000, page: 100 }

export interface FeedOptions {
  readonly auth: Auth
  readonly domains: readonly DomainDefinition[]
  readonly log: EventLog
  readonly now: () => Date
  readonly limits?: Partial<FeedLimits> | undefined
  origins(): Origins
  /** Whether a plugin may see an event, by what it was granted. @throws `PLUGIN_NOT_FOUND`. */
  maySee(plugin: string, event: LoggedEvent['event']): boolean
  /** @throws `PLUGIN_NOT_FOUND`, also for one that the person is not told of. */
  requirePlugin(id: string, actor: Actor): void
  /** Told why a client was cut. */
  didCut(reason: string): void
}

/**
 * The live event feed over WebSocket. A client that says where it stopped (`after`)
 * gets all it missed, in order, once: what its person may see, and where it follows
 * for a plugin (`plugin`) only what the plugin may see at that moment too.
 */
export class Feed {
  readonly #options: FeedOptions
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false })
  readonly #clients = new Set<FeedClient>()
  /** Administrators who want to know which hosts are contacted. */
  readonly #watchers = new Set<FeedClient>()
  readonly #limits: FeedLimits
  readonly #stops: (() => void)[] = []

  constructor(options: FeedOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#stops.push(
      options.log.onDidAppend((events) => {
        if (this.#clients.size === 0) return
        // Once for all clients: printing is most of what sending costs.
        const frames = events.map(printEventFrame)
        for (const client of this.#clients) client.didAppend(events, frames)
      }),
    )
    const heartbeat = setInterval(() => {
      for (const client of this.#clients) client.beat().catch(() => {})
    }, this.#limits.heartbeatMs)
    heartbeat.unref()
    this.#stops.push(() => clearInterval(heartbeat))
  }

  /** Clients connected now. */
  get size(): number {
    return this.#clients.size
  }

  /** Answers an upgrade request. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    this.#accept(request, socket, head).catch((thrown) => refuse(socket, thrown))
  }

  /** Tells administrators who asked for it which hosts plugins contacted. */
  didContact(contacts: readonly ContactNews[]): void {
    if (contacts.length === 0) return
    for (const client of this.#watchers) client.tell({ type: 'contacts', contacts })
  }

  close(): void {
    for (const stop of this.#stops) stop()
    for (const client of this.#clients) client.close(1001, 'The server stops')
    this.#sockets.close()
  }

  async #accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { auth, origins } = this.#options
    const url = new URL(request.url ?? '/', 'http://localhost')
    checkHost(origins(), request.headers.host, url.pathname)
    if (url.pathname !== feedPath) throw coded('NOT_FOUND', 'There is no WebSocket at this address.')
    const { origin } = request.headers
    const found = await auth.identify(request.headers)
    // Browsers let any page open a WebSocket with the cookie: the origin is all that tells.
    if (origin !== undefined && !origins().isOwnOrigin(origin))
      throw coded('FORBIDDEN', 'The page is of another site.')
    if (found?.means === 'cookie' && origin === undefined)
      throw coded('FORBIDDEN', 'The origin header is missing.')
    if (!found) throw unauthenticated()
    const plugin = url.searchParams.get('plugin')
    if (plugin !== null) this.#options.requirePlugin(plugin, found.actor)
    this.#requireRoom()
    const { log, now, domains, maySee, didCut } = this.#options
    let show = showEventsTo(found.actor, domains)
    const wantsContacts =
      plugin === null && found.actor.role === 'admin' && url.searchParams.get('contacts') === 'true'
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const client = new FeedClient({
        socket: webSocket,
        log,
        limits: this.#limits,
        after: url.searchParams.get('after'),
        now: now(),
        show: (event) => (plugin === null || maySee(plugin, event) ? show(event) : undefined),
        mayStay: async () => {
          // What the person may see can have changed, or nobody can say who they are.
          const now = await auth.identify(request.headers).catch(() => undefined)
          if (now?.actor.id !== found.actor.id) return false
          show = showEventsTo(now.actor, domains)
          if (now.actor.role !== 'admin') this.#watchers.delete(client)
          return true
        },
        didCut,
      })
      this.#clients.add(client)
      if (wantsContacts) this.#watchers.add(client)
      webSocket.on('close', () => {
        this.#clients.delete(client)
        this.#watchers.delete(client)
      })
    })
  }

  /** @throws `RATE_LIMITED`. */
  #requireRoom(): void {
    if (this.#clients.size < this.#limits.clients) return
    throw new MortiseError('RATE_LIMITED', `${this.#clients.size} clients follow the feed already.`, {
      data: { retryAfter: 30 },
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
  const { retryAfter } = (record.data ?? {}) as { retryAfter?: unknown }
  const wait = typeof retryAfter === 'number' ? `retry-after: ${retryAfter}\r\n` : ''
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\n${wait}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
