import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** One request that reached a canary. */
export interface CanaryRequest {
  readonly method: string
  /** Path with its query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Text of the body, `''` without one. */
  readonly body: string
  readonly webSocket: boolean
}

/** A server that nothing may reach: proof that an attack had no effect. */
export interface Canary extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  readonly port: number
  /** Everything that arrived, oldest first. A WebSocket handshake counts when it starts. */
  readonly requests: readonly CanaryRequest[]
  /** TCP connections opened, also those that sent no request. */
  readonly connections: number
  /** Forgets what arrived. */
  clear(): void
  /** Settles with the first request that matches, also one that arrived before. */
  waitFor(matches: (request: CanaryRequest) => boolean): Promise<CanaryRequest>
  close(): Promise<void>
}

/**
 * Starts a canary on a random port. It answers every request with 200 and
 * `Access-Control-Allow-Origin: *` and accepts every WebSocket, so that an
 * attack which gets through looks like a success to itself too.
 */
export async function canaryServer(): Promise<Canary> {
  let requests: CanaryRequest[] = []
  let connections = 0
  const sockets = new Set<Duplex>()
  const waiting = new Set<(request: CanaryRequest) => void>()
  const record = (request: CanaryRequest) => {
    requests.push(request)
    for (const tell of waiting) tell(request)
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    record({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      webSocket: false,
    })
    response
      .writeHead(200, {
        'access-control-allow-origin': '*',
        'access-control-allow-headers': '*',
        'content-type': request.url?.includes('.js') ? 'text/javascript' : 'text/plain',
      })
      .end('')
  })
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', ({ method = '', url = '', headers }, socket) => {
    record({ method, url, headers, body: '', webSocket: true })
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get requests() {
      return requests
    },
    get connections() {
      return connections
    },
    clear() {
      requests = []
      connections = 0
    },
    waitFor(matches) {
      const early = requests.find(matches)
      if (early) return Promise.resolve(early)
      return new Promise((resolve) => {
        const tell = (request: CanaryRequest) => {
          if (!matches(request)) return
          waiting.delete(tell)
          resolve(request)
        }
        waiting.add(tell)
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
