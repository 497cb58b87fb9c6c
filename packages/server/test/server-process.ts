// A server in a process of its own, for tests that kill it.
import { createServer, readSettings } from '../src/index.ts'
import { testHost } from './test-host.ts'

const server = await createServer(testHost, readSettings(process.env))
await server.listen()
console.log(server.url)
