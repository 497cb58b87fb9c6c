import type {
  CatalogPlugin,
  CatalogTheme,
  CommandValues,
  ContactList,
  DeliveryPage,
  DeliveryState,
  EmailOverview,
  JobRecord,
  LifecycleEvent,
  PluginRecord,
  ReplayBody,
  ReplayResult,
  ThemeBranding,
  ThemeChoice,
  ThemeIcons,
  ThemeRecord,
} from '@mortise/contract'
import type { LogLine } from '@mortise/host'
import { request } from './client.ts'

/** A line of a plugin's log. Message and data are the plugin's own words. */
export interface LogRecord {
  readonly timestamp: string
  readonly level: string
  readonly plugin: string
  readonly message: string
  readonly data?: unknown
}

/** An event with its place in the log. */
export interface LoggedEvent {
  readonly cursor: string
  readonly event: LifecycleEvent
}

const at = (id: string, rest = '') => `/plugins/${encodeURIComponent(id)}${rest}`

/** The plugin part of the backend's HTTP interface. */
export const pluginsApi = {
  catalog: async () =>
    (await request<{ plugins: readonly CatalogPlugin[] }>('GET', '/plugins/catalog')).plugins,
  /** Token files of the themes of a catalog plugin, not installed by looking. */
  catalogThemes: async (name: string) =>
    (
      await request<{ themes: readonly CatalogTheme[] }>(
        'GET',
        `/plugins/catalog/${encodeURIComponent(name)}/themes`,
      )
    ).themes,
  installByName: (name: string) => request<PluginRecord>('POST', '/plugins/install', { name }),
  installFile(file: File) {
    const form = new FormData()
    form.append('file', file)
    return request<PluginRecord>('POST', '/plugins/install', form)
  },
  enable: (id: string) => request<unknown>('POST', at(id, '/enable')),
  disable: (id: string) => request<unknown>('POST', at(id, '/disable')),
  rollback: (id: string) => request<PluginRecord>('POST', at(id, '/rollback')),
  uninstall: (id: string) => request<unknown>('DELETE', at(id)),
  grant: (
    id: string,
    body: {
      permissions?: Readonly<Record<string, boolean>>
      hosts?: Readonly<Record<string, boolean>>
    },
  ) => request<PluginRecord>('PUT', at(id, '/grants'), body),
  configure: (id: string, config: Record<string, unknown>, approveHosts: readonly string[] = []) =>
    request<PluginRecord>('PUT', at(id, '/config'), { config, approveHosts }),
  /** `null` forgets a secret. */
  setSecrets: (id: string, secrets: Readonly<Record<string, string | null>>) =>
    request<PluginRecord>('PUT', at(id, '/secrets'), { secrets }),
  runCommand: async (id: string, command: string, args: CommandValues) => {
    const path = at(id, `/commands/${encodeURIComponent(command)}`)
    return (await request<{ result: string | null }>('POST', path, { args })).result
  },
  contacts: (id: string) => request<ContactList>('GET', at(id, '/contacts')),
  email: (id: string) => request<EmailOverview>('GET', at(id, '/email')),
  setRecipients: (id: string, recipients: readonly string[]) =>
    request<EmailOverview>('PUT', at(id, '/email/recipients'), { recipients }),
  jobs: async (id: string) => (await request<{ jobs: readonly JobRecord[] }>('GET', at(id, '/jobs'))).jobs,
  runJob: (id: string, job: string) =>
    request<unknown>('POST', at(id, `/jobs/${encodeURIComponent(job)}/run`)),
  logs: async (id: string) => (await request<{ logs: readonly LogRecord[] }>('GET', at(id, '/logs'))).logs,
  addLogs: (id: string, lines: readonly LogLine[]) => request<unknown>('POST', at(id, '/logs'), { lines }),
  deliveries: (id: string, state?: DeliveryState, before?: string) => {
    const query = new URLSearchParams({ limit: '50' })
    if (state) query.set('state', state)
    if (before) query.set('before', before)
    return request<DeliveryPage>('GET', at(id, `/deliveries?${query}`))
  },
  dismissLost: (id: string, lostAt: string) =>
    request<unknown>('POST', at(id, '/deliveries/dismiss'), { lostAt }),
  replay: (id: string, wanted: ReplayBody) =>
    request<ReplayResult>('POST', at(id, '/deliveries/replay'), wanted),
}

/** The appearance part of the backend's HTTP interface. */
export const themeApi = {
  read: () => request<ThemeRecord>('GET', '/theme'),
  /** Needs no sign-in. */
  branding: async () => (await request<{ branding: ThemeBranding }>('GET', '/theme/branding')).branding,
  /** SVG texts of a theme's icons, by the address that its branding names. */
  icons: async (address: string) =>
    (await request<ThemeIcons>('GET', address.replace(/^\/api\/v1/, ''))).icons,
  write: (change: Partial<ThemeChoice>) => request<ThemeRecord>('PUT', '/theme', change),
}

/** The newest events, newest first. */
export async function readEvents(limit = 200): Promise<readonly LoggedEvent[]> {
  return (await request<{ events: readonly LoggedEvent[] }>('GET', `/events?limit=${limit}`)).events
}

/** The person who is signed in. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly role: string
}

export const sessionApi = {
  /** Who is signed in, and where the event feed goes on from. Read before anything else. */
  me: () => request<{ user: Person; cursor: string }>('GET', '/me'),
  signIn: (token: string) => request<unknown>('POST', '/auth/sign-in', { token }),
  signOut: () => request<unknown>('POST', '/auth/sign-out'),
}
