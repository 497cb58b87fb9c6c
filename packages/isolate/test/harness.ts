import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'
import { createRunnerPool, type RunnerLog, type RunnerPool, type RunnerPoolOptions } from '../src/index.ts'

export { specOf } from './specs.ts'

// Attacks are bounded by the limits of the sandbox; a busy machine only makes them slower.
vi.setConfig({ testTimeout: 60_000 })

/** How long a polled fact may take to become true. */
export const patience = { timeout: 20_000 }

/** A pool that keeps its log and closes with the scope. */
export function openPool(
  options: RunnerPoolOptions = {},
): RunnerPool & AsyncDisposable & { logs: RunnerLog[] } {
  const logs: RunnerLog[] = []
  const pool = createRunnerPool({
    children: 1,
    // Tests end plugins again and again.
    restartWaitsMs: [],
    log: (record) => logs.push(record),
    ...options,
  })
  return Object.defineProperties({ logs, [Symbol.asyncDispose]: () => pool.close() } as never, {
    load: { value: pool.load },
    close: { value: pool.close },
    children: { get: () => pool.children },
  })
}

export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A local server that keeps every request it gets. */
export async function openReceiver(
  answer: (request: ReceivedRequest) => {
    status?: number
    headers?: Record<string, string>
    body?: string | Uint8Array
  } = () => ({}),
) {
  const requests: ReceivedRequest[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const received = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    requests.push(received)
    const { status = 200, headers = {}, body = 'ok' } = answer(received)
    response.writeHead(status, headers).end(body)
  })
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    host: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    requests,
    get connections() {
      return connections
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
