import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { token } from './harness.ts'

export interface SpawnedServer extends AsyncDisposable {
  readonly child: ChildProcess
  readonly url: string
  /** A request of the administrator that must be taken. */
  send(method: string, path: string, body?: unknown): Promise<Response>
}

/** A server in a process of its own. The end of the scope kills it. */
export async function spawnServer(
  dataDir: string,
  options: {
    readonly program?: 'server-process.ts' | 'kill-process.ts'
    readonly env?: Readonly<Record<string, string>>
    /** Hears of each line that the process prints. */
    readonly onLine?: (line: string) => void
  } = {},
): Promise<SpawnedServer> {
  const { program = 'server-process.ts', env = {}, onLine } = options
  const child = spawn(process.execPath, [`${import.meta.dirname}/${program}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      MORTISE_PORT: '0',
      MORTISE_DATA_DIR: dataDir,
      MORTISE_ADMIN_TOKEN: token,
      MORTISE_LOG_LEVEL: 'silent',
      ...env,
    },
  })
  // Closed, not only ended: everything it printed was read.
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', () => reject(new Error('The server ended before it listened')))
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('http')) resolve(line)
      else onLine?.(line)
    })
  })
  return {
    child,
    url,
    async send(method, path, body) {
      const isForm = body instanceof FormData
      const response = await fetch(`${url}${path.startsWith('/api') ? path : `/api/v1${path}`}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(isForm || body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}`)
      return response
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
