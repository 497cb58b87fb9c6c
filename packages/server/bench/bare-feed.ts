// `ws` alone: each message is printed once and sent to every client.
import { WebSocketServer } from 'ws'
import { printEvent } from './printed-event.ts'

const server = new WebSocketServer({ port: 0, host: 'localhost', perMessageDeflate: false })
await new Promise((resolve) => server.once('listening', resolve))
let cursor = 0
// Who says where it stopped gets what came after it.
server.on('connection', (socket, { url = '' }) => {
  const after = new URL(url, 'http://localhost').searchParams.get('after')
  if (after === null) return
  for (let one = Number(after) + 1; one <= 5000; one++) socket.send(printEvent(one))
})
process.on('message', async ({ publish }: { publish: number }) => {
  for (let sent = 0; sent < publish; sent += 100) {
    for (let index = 0; index < 100; index++) {
      const message = printEvent(++cursor)
      for (const client of server.clients) client.send(message)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  process.send?.({ published: publish })
})
process.send?.({ url: `http://localhost:${(server.address() as { port: number }).port}` })
