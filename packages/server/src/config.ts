import type { Dialect, DomainDefinition, PublishedEvent, ThemeChoice } from '@mortise/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { IdentifyPerson } from './people/identity.ts'

/** Who a call is made for. */
export interface Actor {
  readonly id: string
  readonly name: string
  readonly role: 'admin' | 'member' | 'plugin'
  /** All that a member may do and see, by permissions of the domains. Nobody else has a list. */
  readonly permissions?: readonly string[] | undefined
}

/** What every provider method gets before its own arguments. */
export interface CallContext {
  readonly actor: Actor
  /** The plugin that calls, or on whose behalf the browser calls. */
  readonly plugin?: { readonly id: string } | undefined
  readonly now: Date
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** Methods by resource and name. Write them with `Providers<typeof domain, CallContext>` to have them checked. */
export type ProviderTable = Readonly<
  Record<string, Readonly<Record<string, (context: CallContext, ...args: never[]) => unknown>>>
>

/** Values a plugin keeps between runs. Each plugin sees its own keys only. */
export interface PluginStorage {
  get(plugin: string, key: string): Promise<unknown>
  /** @throws `STORAGE_FULL` when the plugin's share is used up. */
  set(plugin: string, key: string, value: unknown): Promise<void>
  delete(plugin: string, key: string): Promise<void>
  /** Sorted. */
  keys(plugin: string, prefix?: string): Promise<string[]>
}

/** What the backend lends to a host's own code. */
export interface HostServices<Tables = unknown> {
  /** The embedded database. Use table names with a prefix of your own. */
  readonly database: Kysely<Tables>
  /** Applies the host's own migrations, in the order of their names. */
  migrate(migrations: Readonly<Record<string, Migration>>): Promise<void>
  /**
   * Runs `work` in one transaction. Events emitted in it are committed with it,
   * or not at all. Awaiting `database` instead of `transaction` inside deadlocks.
   */
  transact<T>(
    work: (transaction: Transaction<Tables>, emit: (event: PublishedEvent) => void) => Promise<T>,
  ): Promise<T>
  readonly pluginStorage: PluginStorage
  now(): Date
  newId(): string
}

/** A host: its vocabulary, its own backend, and where its files are. */
export interface ServerConfig<Tables = unknown> {
  /** Shown on the sign-in page and in logs. */
  readonly name: string
  /** Origin of the console. `MORTISE_PUBLIC_URL` goes before. */
  readonly publicUrl?: string
  /** Origin of frames of plugins, with `{plugin}` for the plugin's name. `MORTISE_FRAME_ORIGIN` goes before. */
  readonly frameOrigin?: string
  readonly domains: readonly DomainDefinition[]
  /** How plugins see this host on the server side. */
  readonly dialect: Dialect
  /** Absolute folder with one folder for each plugin that can be installed by name. */
  readonly catalog?: string | undefined
  /** How pages look to people who chose nothing, and before they sign in. Parts left out follow their system. */
  readonly appearance?: Partial<ThemeChoice>
  /** Absolute folder of the built console. */
  readonly console?: string | undefined
  /**
   * Says whose request it is, for front ends that have people of their own. Asked
   * for each request that comes with neither the administrator's token nor their
   * session; answer `undefined` for a stranger.
   */
  readonly identify?: IdentifyPerson | undefined
  /** Makes the providers. Called once, when the database is open. */
  setup(services: HostServices<Tables>): Promise<ProviderTable> | ProviderTable
}

/** Names the type of a configuration. `Tables` are the host's own tables. */
export function defineConfig<Tables = unknown>(config: ServerConfig<Tables>): ServerConfig<Tables> {
  return config
}
