import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeliveryRecord, DomainDefinition, FeedFrame, PluginRecord } from '@mortise/contract'
import { freePort } from '@mortise/testing'
import { strToU8, zipSync } from 'fflate'
import { WebSocket } from 'ws'
import {
  createServer,
  type MortiseServer,
  type ServerConfig,
  type ServerInternals,
  type Settings,
} from '../src/index.ts'
import { readOperatorPlugins } from '../src/operations/operator-plugins.ts'
import { testHost } from './test-host.ts'

export const token = 'token-of-the-tests'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by the tests, which say what they expect
  readonly body: any
}

export interface TestServer extends AsyncDisposable {
  readonly server: MortiseServer
  readonly url: string
  readonly dataDir: string
  /** All log lines so far. */
  readonly log: readonly string[]
  /** A request with the token of the administrator. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** One call of a domain method. */
  call(method: string, ...args: unknown[]): Promise<unknown>
  upload(zip: Uint8Array): Promise<Answer>
  /** Waits until the newest delivery of a plugin is in a state. */
  delivery(plugin: string, state: string): Promise<DeliveryRecord>
  /** Installs, approves, configures and enables a plugin. */
  add(files: Record<string, string>, options?: AddOptions): Promise<PluginRecord>
}

export interface AddOptions {
  readonly config?: unknown
  /** Hosts of the configuration to approve. */
  readonly hosts?: readonly string[]
  /** Hosts of the manifest to grant. */
  readonly network?: readonly string[]
}

export interface TestServerOptions extends ServerInternals {
  readonly dataDir?: string
  readonly allowPrivateHosts?: readonly string[]
  readonly catalog?: string
  readonly email?: Settings['email']
  readonly console?: string
  /** What the host prefers. */
  readonly appearance?: ServerConfig['appearance']
  readonly exportTraces?: boolean
  /** Who the people of the front end are. */
  readonly identify?: ServerConfig['identify']
  readonly metricsToken?: string
  /** Where the server is for the world. Tests reach it on this machine all the same. */
  readonly publicUrl?: string
  readonly frameOrigin?: string
  /** The variables of the operator about plugins. */
  readonly env?: Readonly<Record<string, string>>
  /** Domains without methods, beside that of the test host. */
  readonly domains?: readonly DomainDefinition[]
}

/** A real server on a random port, in an empty data folder unless one is given. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const {
    dataDir: given,
    allowPrivateHosts = [],
    catalog,
    console,
    exportTraces = false,
    env = {},
    domains = [],
    appearance,
    email,
    identify,
    metricsToken,
    publicUrl,
    frameOrigin,
    ...internals
  } = options
  const port = publicUrl === undefined ? 0 : await freePort()
  const dataDir = given ?? (await makeDataDir())
  const log: string[] = []
  const lineWaiters = new Set<() => void>()
  const nextLine = () => new Promise<void>((resolve) => lineWaiters.add(resolve))
  const server = await createServer(
    {
      ...testHost,
      domains: [...testHost.domains, ...domains],
      catalog,
      console,
      identify,
      ...(appearance && { appearance }),
    },
    {
      port,
      publicUrl,
      frameOrigin,
      dataDir,
      adminToken: token,
      metricsToken,
      allowPrivateHosts,
      logLevel: 'debug',
      exportTraces,
      operatorPlugins: readOperatorPlugins(env),
      email,
    },
    {
      deliveryPolicy: { waitsMs: [20, 20], concurrency: 4 },
      // A busy machine must not make an honest filter late.
      filterMs: 2000,
      answerMs: 20_000,
      restartWaitsMs: [0, 20],
      logSink: {
        write(line) {
          log.push(line)
          for (const resolve of lineWaiters) resolve()
          lineWaiters.clear()
        },
      },
      ...internals,
    },
  )
  await server.listen()
  const url = publicUrl === undefined ? server.url : `http://localhost:${port}`

  const api: TestServer['api'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}${path.startsWith('/api') ? path : `/api/v1${path}`}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return readAnswer(response)
  }
  const upload: TestServer['upload'] = async (zip) => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(zip)]), 'plugin.zip')
    return readAnswer(
      await fetch(`${url}/api/v1/plugins/install`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: form,
      }),
    )
  }
  return {
    server,
    url,
    dataDir,
    log,
    api,
    upload,
    async delivery(plugin, state) {
      for (;;) {
        const line = nextLine()
        const { body } = await api('GET', `/plugins/${plugin}/deliveries`)
        const [newest] = body.deliveries as DeliveryRecord[]
        if (newest?.state === state) return newest
        await line
      }
    },
    async call(method, ...args) {
      const { body } = await api('POST', '/calls', { calls: [[method, args]] })
      const [result] = body.results
      if (!result.ok) throw Object.assign(new Error(result.error.message), result.error)
      return result.value
    },
    async add(files, { config, hosts = [], network = [] } = {}) {
      const installed = must(await upload(packFiles(files)), 201)
      const { id, permissions } = installed as PluginRecord
      const grants = Object.fromEntries(permissions.map(({ name }) => [name, true]))
      const granted = Object.fromEntries(network.map((name) => [name, true]))
      must(await api('PUT', `/plugins/${id}/grants`, { permissions: grants, hosts: granted }), 200)
      if (config !== undefined) {
        must(await api('PUT', `/plugins/${id}/config`, { config, approveHosts: hosts }), 200)
      }
      return must(await api('POST', `/plugins/${id}/enable`), 200) as PluginRecord
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      if (given === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mortise-server-'))
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== '' ? JSON.parse(text) : text,
  }
}

function must({ status, body }: Answer, wanted: number): unknown {
  if (status !== wanted) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`)
  return body
}

/** The code of an error that was answered. */
export async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { code: string }).code
}

/** A zip of text files. */
export function packFiles(files: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])))
}

/** A manifest that is right, with parts of it changed. */
export function manifest(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    name: 'probe',
    version: '1.0.0',
    displayName: 'Probe',
    description: 'A plugin of the tests',
    type: 'webhook',
    author: 'Tests',
    permissions: ['read:sessions'],
    ...changes,
  })
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}

/** A request with any `Host` header, which `fetch` would not send. */
export function raw(
  host: TestServer,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { port } = new URL(host.url)
  return new Promise<RawAnswer>((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: { ...options.headers } },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      },
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

/** Signs in as a browser does; answers the cookie. */
export async function signIn(host: TestServer): Promise<string> {
  const answer = await fetch(`${host.url}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: host.url },
    body: JSON.stringify({ token }),
  })
  const cookie = answer.headers.getSetCookie()[0] ?? ''
  if (!/; HttpOnly/.test(cookie) || !/; SameSite=Strict/.test(cookie))
    throw new Error(`A weak cookie: ${cookie}`)
  return cookie.split(';')[0] ?? ''
}

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver extends AsyncDisposable {
  readonly host: string
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  /** Waits until so many requests came in all. */
  count(wanted: number): Promise<readonly ReceivedRequest[]>
}

/** A web server on this machine that keeps what it gets. `answer` decides the status; 0 leaves a request open. */
export async function openReceiver(answer: (index: number) => number = () => 200): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const waiting = new Set<() => void>()
  const http = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      requests.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() })
      const status = answer(requests.length - 1)
      if (status !== 0) response.writeHead(status).end()
      for (const check of waiting) check()
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    host,
    url: `http://${host}`,
    requests,
    count: (wanted) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length < wanted) return
          waiting.delete(check)
          resolve(requests)
        }
        waiting.add(check)
        check()
      }),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

export interface FeedReader extends Disposable {
  readonly frames: readonly FeedFrame[]
  /** Waits for the first frame that fits, past ones included. */
  find(wanted: (frame: FeedFrame) => boolean): Promise<FeedFrame>
  /** Waits until the connection is closed. */
  readonly closed: Promise<number>
}

/** Follows the event feed. */
export function readFeed(url: string, after?: string, headers: Record<string, string> = {}): FeedReader {
  const frames: FeedFrame[] = []
  const waiting = new Set<(frame: FeedFrame) => void>()
  const query = after === undefined ? '' : `?after=${after}`
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/events/stream${query}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as FeedFrame
    frames.push(frame)
    for (const look of waiting) look(frame)
  })
  socket.on('error', () => {})
  return {
    frames,
    closed: new Promise((resolve) => socket.on('close', resolve)),
    find: (wanted) =>
      new Promise((resolve) => {
        const known = frames.find(wanted)
        if (known) resolve(known)
        const look = (frame: FeedFrame) => {
          if (!wanted(frame)) return
          waiting.delete(look)
          resolve(frame)
        }
        waiting.add(look)
      }),
    [Symbol.dispose]: () => socket.terminate(),
  }
}
