import type {
  ErrorRecord,
  GuestDeclaration,
  GuestFilter,
  GuestRequest,
  GuestRing,
  GuestRoute,
  GuestWork,
} from '@mortise/contract'
import type { ResolveHost } from './guarded-agent.ts'
import type { FetchContact } from './guarded-fetch.ts'
import type { CallKind, PluginLimits } from './wire.ts'

/** One log line of a plugin or of the pool itself. */
export interface RunnerLog {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly plugin?: string | undefined
  readonly message: string
  readonly data?: unknown
}

/** One call into a sandbox. */
export interface SandboxCall {
  readonly plugin: string
  readonly kind: CallKind | 'load'
}

/** One request of a plugin to the network. */
export interface SandboxFetch {
  readonly plugin: string
  readonly method: string
  /** As the plugin named it; whether it may be asked is not decided yet. */
  readonly host: string
}

/** What a plugin has used. */
export interface PluginUsage {
  readonly plugin: string
  /** CPU time in the sandboxes the plugin has had since it was loaded. */
  readonly cpuMs: number
  /** Heap and buffers now; 0 while no sandbox runs. */
  readonly memoryBytes: number
}

/** What a host does around the work of sandboxes: count it, time it, name it in a trace. */
export interface SandboxObserver {
  /**
   * Runs each call into a sandbox, at once, when its turn has come: to time it or
   * to name it in a trace.
   */
  aroundCall?<T>(call: SandboxCall, work: () => Promise<T>): Promise<T>
  /**
   * Asked inside each call: how to come back to its asynchronous context, in which
   * the host then answers what the plugin asks during the call.
   */
  keepContext?(): (work: () => void) => void
  /** Runs each request of a plugin to the network. */
  aroundFetch?<T>(request: SandboxFetch, work: () => Promise<T>): Promise<T>
  /** Told of each host that a plugin asked or was kept from. */
  didContact?(contact: FetchContact & { readonly plugin: string }): void
  /** Headers that the host adds to each of them, in place of those of the plugin. */
  fetchHeaders?(): Readonly<Record<string, string>>
}

export interface RunnerPoolOptions extends SandboxObserver {
  /** Child processes that share the plugins among them. Default 2. */
  readonly children?: number
  log?(record: RunnerLog): void
  /** `host` (any port) or `host:port` that may resolve to private addresses and use other ports than 80 and 443. */
  readonly allowPrivateHosts?: readonly string[]
  /** Limits of every plugin; `PluginSpec.limits` goes before. */
  readonly limits?: Partial<PluginLimits>
  /** Consecutive strikes after which a plugin stays down. Default 5. */
  readonly maxStrikes?: number
  /** Finds the addresses of a host name, for tests. Default: the system. */
  readonly resolve?: ResolveHost
  /**
   * Milliseconds before a plugin that had to be stopped starts again, by how often in a row it was; the last
   * repeats. Default 0, then 1 s doubling up to 60 s. One that ran for 10 s is no longer in a row.
   */
  readonly restartWaitsMs?: readonly number[]
  /** Milliseconds of a clock that never goes back, for tests. Default `performance.now`. */
  readonly now?: () => number
}

/** A plugin as the sandbox needs it. */
export interface PluginSpec {
  readonly id: string
  readonly version: string
  /** Package-relative path of the main file, such as `index.js`. */
  readonly entry: string
  /** Package-relative path to source text of its `.js`, `.cjs`, `.mjs` and `.json` files. */
  readonly files: Readonly<Record<string, string>>
  /** Reads a source map of the package by its path, for stack traces. */
  readMap?(path: string): string | undefined
  /** The raw manifest, visible to the plugin. */
  readonly manifest: unknown
  readonly config: Record<string, unknown>
  /** Source of a classic script that evaluates to `(host: IsolateHost) => GuestDialect`. */
  readonly shim: string
  /** Hosts that `fetch` may ask: `hooks.slack.com`, `host:port`, `*.example.com`, `*`. */
  readonly allowedHosts: readonly string[]
  readonly limits?: Partial<PluginLimits>
  /**
   * Answers a call of the dialect. Arguments are parsed JSON of a hostile author, one of them may be bytes;
   * the answer must be JSON or bytes.
   */
  hostCall(method: string, args: readonly unknown[]): Promise<unknown>
}

/** A web request for a plugin. Headers and user are the host's own words; nothing of it is checked here. */
export interface PluginRequest extends Omit<GuestRequest, 'body' | 'json' | 'bytes'> {
  readonly body: Uint8Array | undefined
}

/** What a plugin answered, in shape but not in meaning: header names and values may be anything. */
export interface PluginAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | undefined
}

/**
 * A plugin with its sandbox.
 *
 * @remarks
 * When the sandbox ends on its own, the next call starts a new one: it loads
 * the code again and repeats the last `onLoad` that succeeded. Where it has to be
 * ended again and again, calls fail with PLUGIN_UNAVAILABLE and
 * `data: {retryAfter}` in seconds, longer each time, before one is tried again.
 */
export interface LoadedPlugin {
  readonly id: string
  /** Names of the event handlers that the plugin defines. */
  readonly handlers: readonly string[]
  /** Event types, exact or with an explicit wildcard, that the plugin wants. */
  readonly subscriptions: readonly string[]
  /** Event types that the plugin filters. */
  readonly filters: readonly GuestFilter[]
  /** Rings that the plugin takes part in. */
  readonly rings: readonly GuestRing[]
  /** What the code says about itself. */
  readonly declared: GuestDeclaration
  /** Where the plugin answers web requests. */
  readonly routes: readonly GuestRoute[]
  /**
   * Hands over one event. Calls of one plugin run one after the other.
   *
   * @throws PLUGIN_TIMEOUT, PLUGIN_MEMORY and PLUGIN_CRASHED when the sandbox was
   * stopped, PLUGIN_THREW with `data: {name, message, stack}` when plugin code
   * threw, PLUGIN_NOT_RUNNING after too many strikes or `dispose`.
   */
  deliver(event: unknown): Promise<void>
  /**
   * Asks the plugin what to do with an event. It does not wait for calls under
   * way: a plugin may cause the very event it filters.
   *
   * @param timeoutMs - Milliseconds from when the sandbox runs.
   * @throws Like `deliver`. PLUGIN_TIMEOUT with `data: {givenUp: true}` where the answer is late while
   * nothing spins: the sandbox goes on.
   */
  filter(type: string, payload: unknown, timeoutMs: number): Promise<unknown>
  /** Asks the plugin what to do with a request. Works like `filter`. */
  ring(ring: string, context: unknown, timeoutMs: number): Promise<unknown>
  /**
   * Lets the plugin answer a web request; `undefined` when it says that there is nothing.
   * Works like `filter`.
   *
   * @throws Also PLUGIN_ANSWER_INVALID for what is no answer.
   */
  request(route: GuestRoute, request: PluginRequest, timeoutMs: number): Promise<PluginAnswer | undefined>
  /** Does a job or carries out a command, in turn with the other calls. Throws like `deliver`. */
  work(what: GuestWork, name: string, args: readonly unknown[]): Promise<unknown>
  /** Calls a lifecycle method or handler by name. Throws like `deliver`. */
  call(name: string, args: readonly unknown[]): Promise<unknown>
  /** Changes what was granted or configured while the plugin runs. */
  update(change: { config?: Record<string, unknown>; allowedHosts?: readonly string[] }): Promise<void>
  /** Strikes so far: ends of the sandbox that were the plugin's own fault. */
  readonly crashes: number
  /** Milliseconds until it is tried again after it was ended again and again; 0 where nothing holds it back. */
  readonly restartsInMs: number
  /** Listens for the end of such a wait; answers how to stop listening. */
  onDidWait(listener: () => void): () => void
  /** Listens for strikes; answers how to stop listening. */
  onDidCrash(listener: (reason: ErrorRecord) => void): () => void
  /** Stops the sandbox at once, without calling `onUnload`. */
  dispose(): Promise<void>
}

export interface RunnerPool {
  /**
   * Starts a sandbox and runs the plugin's entry file in it.
   *
   * @throws PLUGIN_LOAD_FAILED, PLUGIN_TIMEOUT, PLUGIN_MEMORY, PLUGIN_CRASHED.
   */
  load(spec: PluginSpec): Promise<LoadedPlugin>
  /** What each plugin has used. One that does not say so in time is answered with what it said before. */
  usage(): Promise<PluginUsage[]>
  /** Disposes of all plugins and ends all children. */
  close(): Promise<void>
  /** The processes that run now. */
  readonly children: readonly { readonly pid: number; readonly plugins: readonly string[] }[]
}
