import type {
  CallResult,
  CallTuple,
  ContactNews,
  LifecycleEvent,
  PluginRecord,
  ThemeRecord,
  ThemeSheet,
} from '@mortise/contract'
import type { ThemeScopeRequest } from './types.ts'

export type Connection = 'connecting' | 'online' | 'offline'

/** What a follower of the event feed is told. */
export interface FeedListener {
  onEvent(cursor: string, event: LifecycleEvent): void
  onConnection(connection: Connection): void
  /** Plugins contacted hosts, in this page or elsewhere. Only administrators are told. */
  onContacts(news: readonly ContactNews[]): void
  /** Events were missed: everything read before may be stale. */
  onGap(): void
}

/** What the engine needs from a server. `createHttpBackend` speaks to Mortise's own. */
export interface Backend {
  plugins(): Promise<readonly PluginRecord[]>
  /** One plugin, `undefined` where it is not installed. */
  plugin(id: string): Promise<PluginRecord | undefined>
  /**
   * Runs domain methods, with the grants of `plugin`, or with the person's own
   * rights where it is `undefined`. Answers in order, one result for each call.
   *
   * @param signal - Aborted when nobody waits for the results any more.
   */
  call(
    plugin: string | undefined,
    calls: readonly CallTuple[],
    signal?: AbortSignal,
  ): Promise<readonly CallResult[]>
  /** Decides on permissions and answers the plugin as it is then. */
  grant(plugin: string, permissions: Readonly<Record<string, boolean>>): Promise<PluginRecord>
  theme(): Promise<ThemeRecord>
  /** What a theme sets in a part of the page. @throws `NOT_FOUND`, `PLUGIN_NOT_RUNNING`. */
  themeScope(request: ThemeScopeRequest): Promise<ThemeSheet>
  /**
   * Follows the event feed, reconnecting until the returned function is called.
   *
   * @param after - Cursor from which it goes on. Without it what was read before may already be stale:
   *   `onGap` is called once it is followed.
   */
  follow(listener: FeedListener, after?: string): () => void
}
