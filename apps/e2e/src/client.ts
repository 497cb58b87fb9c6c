import type { CallResult, CallTuple, PluginRecord } from '@mortise/contract'
import { fixturePlugin, type RunningConsole } from '@mortise/testing'

export interface InstallOptions {
  readonly manifest: Readonly<Record<string, unknown>>
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** Permissions to grant; the others are denied. All by default. */
  readonly grant?: readonly string[]
  /** Hosts to grant; the others are denied. */
  readonly hosts?: readonly string[]
}

/** An administrator who prefers HTTP to the console. */
export interface Client {
  /** The answer's status and body, whatever they are. */
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Uploads, decides and enables. Throws unless every step is accepted. */
  install(options: InstallOptions): Promise<PluginRecord>
  upload(bytes: Uint8Array): Promise<{ status: number; body: unknown }>
  plugin(id: string): Promise<PluginRecord>
  grant(id: string, permissions: Readonly<Record<string, boolean>>): Promise<void>
  uninstall(id: string): Promise<void>
  calls(calls: readonly CallTuple[], plugin?: string): Promise<readonly CallResult[]>
  /** Settles with the first line of a plugin's log that matches. */
  logLine(id: string, matches: (message: string) => boolean): Promise<{ message: string; data?: unknown }>
}

/** Talks to a running console with the administrator's token. */
export function createClient({ url, adminToken }: Pick<RunningConsole, 'url' | 'adminToken'>): Client {
  const send = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      ...init,
      headers: { authorization: `Bearer ${adminToken}`, ...init.headers },
    })
    const text = await response.text()
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text }
  }
  const request: Client['request'] = (method, path, body) =>
    send(
      method,
      path,
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    )
  const need = async <T>(answer: Promise<{ status: number; body: unknown }>): Promise<T> => {
    const { status, body } = await answer
    if (status >= 300) throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`)
    return body as T
  }
  const upload: Client['upload'] = (bytes) => {
    const form = new FormData()
    form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'plugin.mortise')
    return send('POST', '/plugins/install', { body: form })
  }
  const client: Client = {
    request,
    upload,
    async install({ manifest, files, grant, hosts = [] }) {
      const record = await need<PluginRecord>(upload(fixturePlugin({ manifest, files })))
      const decisions = Object.fromEntries(
        record.permissions.map(({ name }) => [name, grant?.includes(name) ?? true]),
      )
      const network = Object.fromEntries(record.hosts.map(({ host }) => [host, hosts.includes(host)]))
      await need(request('PUT', `/plugins/${record.id}/grants`, { permissions: decisions, hosts: network }))
      await need(request('POST', `/plugins/${record.id}/enable`))
      return client.plugin(record.id)
    },
    plugin: (id) => need<PluginRecord>(request('GET', `/plugins/${id}`)),
    async grant(id, permissions) {
      await need(request('PUT', `/plugins/${id}/grants`, { permissions }))
    },
    async uninstall(id) {
      await need(request('DELETE', `/plugins/${id}`))
    },
    async calls(calls, plugin) {
      const body = await need<{ results: CallResult[] }>(
        request('POST', '/calls', plugin === undefined ? { calls } : { plugin, calls }),
      )
      return body.results
    },
    async logLine(id, matches) {
      for (let tries = 0; tries < 900; tries++) {
        const { logs } = await need<{ logs: { message: string; data?: unknown }[] }>(
          request('GET', `/plugins/${id}/logs`),
        )
        const line = logs.find(({ message }) => matches(message))
        if (line) return line
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`The log of ${id} never had the line.`)
    },
  }
  return client
}
