// The backend of the benches, in a process of its own, with the durability it has everywhere.
import { createServer, readSettings } from '../src/index.ts'
import { testHost } from '../test/test-host.ts'
import { benchEvent } from './printed-event.ts'

const server = await createServer(testHost, readSettings(process.env))
await server.listen()
process.send?.({ url: server.url })

process.on('message', async ({ publish }: { publish: number }) => {
  for (let sent = 0; sent < publish; sent += 100) {
    await Promise.all(Array.from({ length: 100 }, () => server.publish(benchEvent)))
  }
  process.send?.({ published: publish })
})
