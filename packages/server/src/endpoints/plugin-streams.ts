import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { MortiseError } from '@mortise/contract'
import type { Actor } from '../config.ts'
import { callingPlugin } from '../powers/calling-plugin.ts'
import type { Power } from '../powers/power.ts'

/** Connections one plugin may have open. */
const mostClients = 64
/** Bytes that may wait for one client before it is cut. */
const mostWaiting = 256 * 1024
/** Milliseconds between signs of life. */
const defaultBeatMs = 15_000

export interface StreamsOptions {
  readonly heartbeatMs?: number | undefined
  /** Whether the plugin still serves: asked when something about it changed. */
  isServing(plugin: string): boolean
  /** Tells the plugin of a client that came or went. */
  tell(plugin: string, handler: 'onSseConnect' | 'onSseDisconnect', client: StreamClient): void
}

/** A client as its plugin hears of it. */
export interface StreamClient {
  readonly connectionId: string
  readonly channel: string
  readonly user?: { readonly id: string; readonly name: string; readonly role: string }
}

interface Connection {
  readonly client: StreamClient
  readonly response: ServerResponse
}

/** Server-sent events of plugins. A plugin sends to its own channels; the host holds the connections. */
export class PluginStreams implements Power {
  readonly #options: StreamsOptions
  readonly #connections = new Map<string, Set<Connection>>()
  readonly #heartbeat: NodeJS.Timeout

  constructor(options: StreamsOptions) {
    this.#options = options
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs ?? defaultBeatMs).unref()
  }

  readonly providers = {
    sse: {
      send: (context, channel: string, event: string, data: unknown): number =>
        this.#send(callingPlugin(context), channel, event, data),
    },
  } satisfies Power['providers']

  /** @throws `PLUGIN_UNAVAILABLE` where the plugin has too many clients. */
  demandRoom(plugin: string): void {
    if ((this.#connections.get(plugin)?.size ?? 0) < mostClients) return
    throw new MortiseError('PLUGIN_UNAVAILABLE', `${plugin} has ${mostClients} connections open already.`)
  }

  /** Takes over a response whose head is written. */
  add(plugin: string, channel: string, actor: Actor | undefined, response: ServerResponse): void {
    const user = actor && { id: actor.id, name: actor.name, role: actor.role }
    const client = { connectionId: randomUUID(), channel, ...(user ? { user } : {}) }
    const connection = { client, response }
    const known = this.#connections.get(plugin) ?? new Set()
    this.#connections.set(plugin, known.add(connection))
    response.once('close', () => {
      known.delete(connection)
      if (known.size === 0 && this.#connections.get(plugin) === known) this.#connections.delete(plugin)
      this.#options.tell(plugin, 'onSseDisconnect', client)
    })
    response.write(': connected\n\n')
    this.#options.tell(plugin, 'onSseConnect', client)
  }

  /** Ends the connections of a plugin that does not serve any more. */
  didChange(plugin: string): void {
    if (this.#connections.has(plugin) && !this.#options.isServing(plugin)) this.forget(plugin)
  }

  forget(plugin: string): void {
    for (const { response } of this.#connections.get(plugin) ?? []) response.end()
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const plugin of this.#connections.keys()) this.forget(plugin)
  }

  /** Answers how many clients it was sent to. */
  #send(plugin: string, channel: string, event: string, data: unknown): number {
    const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? 'null')
    const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
    const frame = `${event === '' ? '' : `event: ${event}\n`}${lines.join('')}\n`
    let count = 0
    for (const connection of this.#connections.get(plugin) ?? []) {
      if (connection.client.channel === channel && write(connection, frame)) count++
    }
    return count
  }

  #beat(): void {
    for (const connections of this.#connections.values()) {
      for (const connection of connections) write(connection, ': keep-alive\n\n')
    }
  }
}

/** Writes unless the client is too slow, which ends it: it can connect again. */
function write({ response }: Connection, frame: string): boolean {
  if (response.writableLength > mostWaiting) {
    response.destroy()
    return false
  }
  response.write(frame)
  return true
}
