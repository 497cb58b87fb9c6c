import {
  type CatalogPlugin,
  type DeliveryPage,
  type EmailOverview,
  type ErrorCode,
  type ErrorRecord,
  fromErrorRecord,
  type JobRecord,
  MortiseError,
  type PluginRecord,
  type ReplayBody,
  type ReplayResult,
} from '@mortise/contract'
import { findToken } from './find-token.ts'

export interface LogLine {
  readonly timestamp: string
  readonly level: string
  readonly plugin: string
  readonly message: string
  readonly data?: unknown
}

/** A webhook, in the words of its contract. */
export interface Webhook {
  readonly id: number
  readonly name: string
  readonly url: string
  readonly enabled: boolean
  readonly disabled_reason: string | null
  readonly waiting: number
  readonly dead: number
  /** Events that the log dropped before they were sent, and that nobody has dismissed. */
  readonly lost: number
  readonly lost_at: string | null
}

export interface WebhookAttempt {
  readonly event_id: string
  readonly event_type: string
  readonly status: string
  readonly status_code: number | null
  readonly attempt: number
  readonly delivered_at: string
  readonly error: string | null
}

/** Which messages of a webhook are sent again. */
export type WebhookReplay =
  | { readonly event_ids: readonly string[] }
  | { readonly state: 'dead' }
  | { readonly since: string }
  | { readonly from: string; readonly to?: string }

/** What the command asks of a running server. */
export interface Client {
  plugins(): Promise<readonly PluginRecord[]>
  catalog(): Promise<readonly CatalogPlugin[]>
  plugin(id: string): Promise<PluginRecord>
  /** Text of a file of an installed plugin, undefined where there is none. */
  file(plugin: Pick<PluginRecord, 'id' | 'version'>, path: string): Promise<string | undefined>
  install(source: { name: string } | { bytes: Uint8Array; fileName: string }): Promise<PluginRecord>
  decide(
    id: string,
    decisions: { permissions?: Record<string, boolean>; hosts?: Record<string, boolean> },
  ): Promise<PluginRecord>
  configure(
    id: string,
    config: Record<string, unknown>,
    approveHosts: readonly string[],
  ): Promise<PluginRecord>
  /** `null` forgets a secret. */
  setSecrets(id: string, secrets: Record<string, string | null>): Promise<PluginRecord>
  enable(id: string): Promise<PluginRecord>
  disable(id: string): Promise<PluginRecord>
  /** Goes back to the version before. */
  rollback(id: string): Promise<PluginRecord>
  logs(id: string): Promise<readonly LogLine[]>
  deliveries(
    id: string,
    query: Readonly<Record<'state' | 'limit' | 'before', string | undefined>>,
  ): Promise<DeliveryPage>
  replay(id: string, wanted: ReplayBody): Promise<ReplayResult>
  /** @param lostAt - When the newest loss was that the person saw. */
  dismiss(id: string, lostAt: string): Promise<void>
  /** Runs a command and answers its result as text, `null` where there is none. */
  runCommand(id: string, command: string, args: Readonly<Record<string, unknown>>): Promise<string | null>
  email(id: string): Promise<EmailOverview>
  /** Replaces all that are allowed. */
  setRecipients(id: string, recipients: readonly string[]): Promise<EmailOverview>
  jobs(id: string): Promise<readonly JobRecord[]>
  /** Runs a job once and answers all of them. */
  runJob(id: string, job: string): Promise<readonly JobRecord[]>
  uninstall(id: string): Promise<void>
  webhooks(): Promise<readonly Webhook[]>
  webhook(id: string): Promise<Webhook>
  webhookAttempts(id: string, limit: string): Promise<readonly WebhookAttempt[]>
  replayWebhook(id: string, wanted: WebhookReplay): Promise<ReplayResult>
  /** Like `dismiss`. */
  dismissWebhook(id: string, lostAt: string): Promise<void>
}

/**
 * Talks to the server at `MORTISE_URL`, as administrator.
 *
 * @throws `SERVER_UNREACHABLE`, or what the server answers.
 */
export async function createClient(env: NodeJS.ProcessEnv = process.env): Promise<Client> {
  const base = readAddress(env.MORTISE_URL)
  const token = await findToken(base, env)

  async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const isForm = body instanceof FormData
    const response = await fetch(new URL(`/api/v1${path}`, base), {
      method,
      redirect: 'error',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new MortiseError('SERVER_UNREACHABLE', `Nothing answers at ${base.origin}.`, { cause })
    })
    const text = await response.text()
    if (response.ok) return (text ? JSON.parse(text) : undefined) as T
    throw readError(text, response.status, base)
  }
  const at = (id: string, rest = '') => `/plugins/${encodeURIComponent(id)}${rest}`
  const atWebhook = (id: string, rest = '') => `/webhooks/${encodeURIComponent(id)}${rest}`

  return {
    plugins: async () => (await request<{ plugins: PluginRecord[] }>('GET', '/plugins')).plugins,
    catalog: async () => (await request<{ plugins: CatalogPlugin[] }>('GET', '/plugins/catalog')).plugins,
    plugin: (id) => request('GET', at(id)),
    async file({ id, version }, path) {
      const parts = ['plugin-files', id, version, ...path.split('/')].map(encodeURIComponent)
      const response = await fetch(new URL(parts.join('/'), base), { redirect: 'error' })
      return response.ok ? response.text() : undefined
    },
    install(source) {
      if ('name' in source) return request('POST', '/plugins/install', source)
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(source.bytes)]), source.fileName)
      return request('POST', '/plugins/install', form)
    },
    decide: (id, decisions) => request('PUT', at(id, '/grants'), decisions),
    configure: (id, config, approveHosts) => request('PUT', at(id, '/config'), { config, approveHosts }),
    setSecrets: (id, secrets) => request('PUT', at(id, '/secrets'), { secrets }),
    enable: (id) => request('POST', at(id, '/enable')),
    disable: (id) => request('POST', at(id, '/disable')),
    rollback: (id) => request('POST', at(id, '/rollback')),
    logs: async (id) => (await request<{ logs: LogLine[] }>('GET', at(id, '/logs'))).logs,
    deliveries(id, query) {
      const given = new URLSearchParams()
      for (const [key, value] of Object.entries(query)) if (value !== undefined) given.set(key, value)
      return request('GET', at(id, `/deliveries?${given}`))
    },
    replay: (id, wanted) => request('POST', at(id, '/deliveries/replay'), wanted),
    dismiss: (id, lostAt) => request('POST', at(id, '/deliveries/dismiss'), { lostAt }),
    runCommand: async (id, command, args) =>
      (
        await request<{ result: string | null }>('POST', at(id, `/commands/${encodeURIComponent(command)}`), {
          args,
        })
      ).result,
    email: (id) => request('GET', at(id, '/email')),
    setRecipients: (id, recipients) => request('PUT', at(id, '/email/recipients'), { recipients }),
    jobs: async (id) => (await request<{ jobs: JobRecord[] }>('GET', at(id, '/jobs'))).jobs,
    runJob: async (id, job) =>
      (await request<{ jobs: JobRecord[] }>('POST', at(id, `/jobs/${encodeURIComponent(job)}/run`))).jobs,
    uninstall: (id) => request('DELETE', at(id)),
    webhooks: async () => (await request<{ webhooks: Webhook[] }>('GET', '/webhooks')).webhooks,
    webhook: (id) => request('GET', atWebhook(id)),
    webhookAttempts: async (id, limit) =>
      (
        await request<{ deliveries: WebhookAttempt[] }>(
          'GET',
          atWebhook(id, `/deliveries?${new URLSearchParams({ limit })}`),
        )
      ).deliveries,
    replayWebhook: (id, wanted) => request('POST', atWebhook(id, '/deliveries/replay'), wanted),
    dismissWebhook: (id, lostAt) =>
      request('POST', atWebhook(id, '/deliveries/dismiss'), { lost_at: lostAt }),
  }
}

function readAddress(text: string | undefined): URL {
  const address = text || 'http://localhost:4780'
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address)
  throw new MortiseError(
    'INPUT_INVALID',
    `MORTISE_URL must be an address such as http://localhost:4780, not '${address}'.`,
  )
}

const webhookCodes: Readonly<Record<number, ErrorCode>> = {
  400: 'INPUT_INVALID',
  401: 'UNAUTHENTICATED',
  403: 'ADMIN_REQUIRED',
  404: 'NOT_FOUND',
}

function readError(text: string, status: number, base: URL): MortiseError {
  try {
    const body = JSON.parse(text) as Partial<ErrorRecord>
    if (typeof body.code === 'string' && typeof body.message === 'string') {
      return fromErrorRecord({ name: 'Error', retryable: false, ...body } as ErrorRecord, 'server')
    }
    // Webhooks answer in the form of a contract that has no codes.
    const { error } = body as { error?: unknown }
    if (typeof error === 'string' && Object.hasOwn(webhookCodes, status)) {
      return new MortiseError(webhookCodes[status]!, error, { source: 'server' })
    }
  } catch {
    // Not ours: handled below, like any other server that happens to listen there.
  }
  return new MortiseError(
    'SERVER_UNREACHABLE',
    `${base.origin} answered with HTTP ${status}, but not as a Mortise server does.`,
  )
}
