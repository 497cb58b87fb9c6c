import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { MortiseError } from '@mortise/contract'
import { within } from './operations/within.ts'

/** Both, because browsers take `localhost` for either. */
const addresses = ['127.0.0.1', '::1']
/** What listening fails with on a machine that lacks an address. */
const lacking = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])
/** How often a free port is looked for that both addresses have. */
const mostTries = 5
/** Milliseconds a connection may wait for its next request. */
const keepAliveMs = 72_000

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Answers HTTP on the loopback addresses, and on no other. */
export class LoopbackServer {
  readonly #onRequest: RequestListener
  readonly #onUpgrade: UpgradeListener
  #servers: readonly Server[] = []
  readonly #sockets = new Set<Socket>()

  constructor(onRequest: RequestListener, onUpgrade: UpgradeListener) {
    this.#onRequest = onRequest
    this.#onUpgrade = onUpgrade
  }

  /**
   * Answers the port.
   *
   * @param wanted - 0 for any free one.
   * @throws `CONFLICT` where the port is taken on one of the addresses.
   */
  async listen(wanted: number): Promise<number> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#listenOnAll(wanted)
      } catch (thrown) {
        await this.close(0)
        if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown
        if (wanted !== 0 || tries === mostTries) throw taken(wanted, thrown)
      }
    }
  }

  /**
   * Takes no connection any more, ends those that nobody uses, and waits for
   * requests under way; those that take longer than `ms` are ended.
   */
  async close(ms: number, onLate?: () => void): Promise<void> {
    const servers = this.#servers
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
    // Node closes connections between two requests; to it, one without any is busy sending the first.
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
    await within(ms, Promise.all(closed), () => {
      onLate?.()
      for (const server of servers) server.closeAllConnections()
    })
  }

  async #listenOnAll(wanted: number): Promise<number> {
    this.#servers = []
    let port = wanted
    for (const address of addresses) {
      const server = createServer({ keepAliveTimeout: keepAliveMs }, this.#onRequest)
      server.on('upgrade', this.#onUpgrade)
      server.on('connection', (socket) => {
        this.#sockets.add(socket)
        socket.once('close', () => this.#sockets.delete(socket))
      })
      try {
        await listen(server, port, address)
      } catch (thrown) {
        if (lacking.has((thrown as NodeJS.ErrnoException).code ?? '')) continue
        throw thrown
      }
      this.#servers = [...this.#servers, server]
      port = (server.address() as AddressInfo).port
    }
    return port
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function taken(port: number, cause: unknown): MortiseError {
  const message =
    port === 0
      ? 'No port is free on both 127.0.0.1 and ::1. Set MORTISE_PORT to one that is.'
      : `Port ${port} is taken by another program. Stop it, or set MORTISE_PORT to a free port.`
  return new MortiseError('CONFLICT', message, { cause })
}
