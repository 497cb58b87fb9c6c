// Clients of a feed. They count what they get, and one of them looks whether anything is missing or comes twice.
import { WebSocket } from 'ws'

export interface ClientsOrder {
  readonly url: string
  readonly token: string
  /** Clients to connect, or `wait` for so many events at each of them. */
  readonly connect?: number
  readonly after?: number
  readonly wait?: number
}

const sockets: WebSocket[] = []
let waiting: { left: number; started: number } | undefined
let last = 0

process.on('message', (order: ClientsOrder) => {
  if (order.connect !== undefined) connect(order, order.connect)
  else waiting = { left: (order.wait ?? 0) * sockets.length, started: performance.now() }
})

async function connect({ url, token, after, wait = 0 }: ClientsOrder, count: number): Promise<void> {
  for (const socket of sockets.splice(0)) socket.terminate()
  waiting = { left: wait * count, started: performance.now() }
  last = after ?? 0
  const address = `${url.replace('http', 'ws')}/api/v1/events/stream${after === undefined ? '' : `?after=${after}`}`
  const opened = Array.from({ length: count }, (_, index) => {
    const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } })
    sockets.push(socket)
    socket.on('message', (bytes: Buffer) => receive(bytes, index === 0))
    return new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  })
  await Promise.all(opened)
  if (wait === 0) process.send?.({ connected: count })
}

function receive(bytes: Buffer, isWatched: boolean): void {
  // A look at the first letters is enough: parsing would measure the clients.
  if (bytes.toString('latin1', 0, 15) !== '{"type":"event"') return
  if (isWatched) {
    const cursor = Number(bytes.toString('latin1', 26, 38))
    if (last !== 0 && cursor !== last + 1) process.send?.({ error: `${cursor} came after ${last}` })
    last = cursor
  }
  if (!waiting || --waiting.left > 0) return
  const ms = performance.now() - waiting.started
  waiting = undefined
  process.send?.({ ms })
}
