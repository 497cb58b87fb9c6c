import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** One WebSocket line as the server sees it. */
export interface Line {
  /** Path and query of the handshake. */
  readonly url: string
  send(frame: unknown): void
  cut(): void
}

export interface FeedServer extends AsyncDisposable {
  readonly url: string
  /** The next line that is opened. */
  nextLine(): Promise<Line>
}

/** A server that speaks just enough WebSocket to send texts, and answers HTTP as told. */
export async function feedServer(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void = (_request, _body, r) =>
    r.end(),
): Promise<FeedServer> {
  const waiting: ((line: Line) => void)[] = []
  const opened: Line[] = []
  const sockets = new Set<Duplex>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    answer(request, Buffer.concat(chunks).toString(), response)
  })
  server.on('upgrade', ({ url = '', headers }, socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    const line: Line = {
      url,
      send(frame) {
        const text = Buffer.from(typeof frame === 'string' ? frame : JSON.stringify(frame))
        const head =
          text.length < 126 ? [0x81, text.length] : [0x81, 126, text.length >> 8, text.length & 0xff]
        socket.write(Buffer.concat([Buffer.from(head), text]))
      },
      cut: () => socket.destroy(),
    }
    const take = waiting.shift()
    if (take) take(line)
    else opened.push(line)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextLine() {
      const line = opened.shift()
      return line ? Promise.resolve(line) : new Promise((resolve) => waiting.push(resolve))
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
