// A server in a process of its own that prints what plugins got, before they are told that it was noted.
import { writeSync } from 'node:fs'
import { createServer, readSettings } from '../src/index.ts'
import { testHost } from './test-host.ts'

/** Waits where whoever reads is slow: what is not written here would look like what was not delivered. */
function print(line: string): void {
  let rest = Buffer.from(`${line}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

const server = await createServer(
  {
    ...testHost,
    async setup(services) {
      const providers = await testHost.setup(services)
      return {
        ...providers,
        sessions: {
          ...providers.sessions,
          get: ({ plugin }, id: string) => print(`got ${plugin?.id} ${id}`),
        },
      }
    },
  },
  readSettings(process.env),
  // Few, so that plugins fall behind and catch up while the process is killed.
  { callsPerSecond: 1_000_000, mostWaiting: 200 },
)
await server.listen()
print(server.url)
