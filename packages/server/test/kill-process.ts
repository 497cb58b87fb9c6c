// A server in a process of its own that prints what plugins got, before they are told that it was noted.
import { writeSync } from 'node:fs'
import { createServer, readSettings } from '../src/index.ts'
import { testHost } from './test-host.ts'

const server = await createServer(
  {
    ...testHost,
    async setup(services) {
      const providers = await testHost.setup(services)
      return {
        ...providers,
        sessions: {
          ...providers.sessions,
          get: ({ plugin }, id: string) => void writeSync(1, `got ${plugin?.id} ${id}\n`),
        },
      }
    },
  },
  readSettings(process.env),
  { callsPerSecond: 1_000_000 },
)
await server.listen()
writeSync(1, `${server.url}\n`)
