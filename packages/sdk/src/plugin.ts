import type { LifecycleEvent } from '@mortise/contract'

/** What a plugin can do, wherever its code runs. `Api` is the type of the host's domains. */
export interface Mortise<Api = unknown> {
  /** Who this plugin is on the host. */
  readonly plugin: { readonly id: string; readonly version: string; readonly displayName: string }
  /** Language of the person at the screen, as a BCP 47 tag. */
  readonly locale: string
  /**
   * The host's methods: `api.sessions.list({ state: 'running' })`.
   *
   * @throws PERMISSION_DENIED where the permission was not granted, METHOD_UNKNOWN
   * where no domain has the method, INPUT_INVALID where an argument does not fit,
   * RATE_LIMITED, BRIDGE_TIMEOUT, and the errors of the method itself.
   */
  readonly api: Api
  /**
   * The host's methods, for as long as the signal is not aborted: then calls that are not answered fail with
   * its reason, and the host stops working on them. `withSignal(context.signal)` ends with a widget.
   */
  withSignal(signal: AbortSignal): Api
  /**
   * Marks buffers inside an argument to be handed to the host instead of copied, with the next call the value is
   * given to: `api.pictures.save(transfer(bytes, [bytes.buffer]))`. They are empty here afterwards. They count
   * towards the size of the call as if they were copied. Answers the value.
   *
   * @throws INPUT_INVALID for anything but an `ArrayBuffer`, and for one that is named twice or was handed over.
   */
  transfer<T extends object>(value: T, buffers: readonly ArrayBuffer[]): T
  readonly events: Events
  readonly permissions: Permissions
  readonly log: Log
  /** What survives a restart: the plugin's own in `activate`, the widget's own in a widget. */
  readonly state: State
}

/**
 * A value the host keeps for as long as the page is open. A plugin that hung and was started again,
 * or was reloaded, finds it there; a plugin that is disabled or quarantined starts without.
 */
export interface State {
  /** What was saved last, here or before the restart. `undefined` where nothing was. */
  readonly value: unknown
  /**
   * Whether events after the last save were lost, so that the value is not the newest. Only the plugin's
   * own state is brought up to date with events; the one of a widget never is.
   */
  readonly missed: boolean
  /**
   * Keeps a value in place of the last one: plain data of at most 256 kB, at most 50 times a second.
   * The message leaves at once, so the value is safe even if the next line never ends. `undefined`
   * forgets what was saved.
   *
   * @throws PAYLOAD_TOO_LARGE, RATE_LIMITED, and INPUT_INVALID where the value is not plain data.
   */
  save(value: unknown): Promise<void>
}

/** Lifecycle events of the host, as far as the grants let the plugin see them. */
export interface Events {
  /**
   * Calls the listener for each event of a type, of `session.*`, or of `*`.
   *
   * @returns Stops listening.
   */
  on(type: string, listener: (event: LifecycleEvent) => void): () => void
  /**
   * Calls the listener when events were left out because the plugin was too slow for them, with how many.
   * What it knows is not the newest then: read it anew. Returns its own undo.
   */
  onMissed(listener: (count: number) => void): () => void
}

/** What the plugin was allowed, live. */
export interface Permissions {
  /** Names granted now. Replaced, not changed, when a grant changes. */
  readonly granted: ReadonlySet<string>
  /** Whether a permission is granted now. */
  has(permission: string): boolean
  /**
   * Asks the person at the screen for a permission that the manifest declares.
   *
   * @param reason - One sentence shown to the person, at most 300 characters.
   * @returns Whether it is granted now.
   */
  request(permission: string, reason: string): Promise<boolean>
  /**
   * Asks for several permissions in one question. The person may allow some and refuse others.
   *
   * @param permissions - At most ten, each declared in the manifest.
   * @returns Those of them that are granted now.
   */
  request<Name extends string>(permissions: readonly Name[], reason: string): Promise<ReadonlySet<Name>>
  /** Calls the listener after grants changed. Returns its own undo. */
  onDidChange(listener: (granted: ReadonlySet<string>) => void): () => void
}

/** The plugin's log, shown to the people who run the host. */
export interface Log {
  debug(message: string, data?: unknown): void
  info(message: string, data?: unknown): void
  warn(message: string, data?: unknown): void
  error(message: string, data?: unknown): void
}

/** The active theme, as custom properties. */
export interface ThemeState {
  readonly colorScheme: 'light' | 'dark'
  readonly declarations: readonly (readonly [name: string, value: string])[]
}

/** What one mounted widget is given. `Context` is what the slot tells its widgets. */
export interface WidgetContext<Api = unknown, Context = unknown> extends Mortise<Api> {
  /** Draw in here: an element of the remote tree in a worker, a `div` in a frame. */
  readonly root: Element
  /** Name of the slot, such as `dashboard.main`. */
  readonly slot: string
  /** What the slot says now. */
  readonly context: Context
  /** Calls the listener when the slot says something new. Returns its own undo. */
  onDidChangeContext(listener: (context: Context) => void): () => void
  /** Aborted when the widget is unmounted. */
  readonly signal: AbortSignal
  /** The active theme. In a frame its declarations are custom properties of the document already. */
  readonly theme: ThemeState
  /** Calls the listener when the theme changes (frames only). Returns its own undo. */
  onDidChangeTheme(listener: (theme: ThemeState) => void): () => void
  /** Shows the widget as failed with this error. For adapters whose drawing throws later than mounting. */
  fail(error: unknown): void
}

/** Draws one widget and may return how to take it down. */
export type MountWidget<Api = unknown, Context = unknown> = (
  context: WidgetContext<Api, Context>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing has to fit.
) => void | (() => void)

/** What a plugin's UI entry exports by default. */
export interface PluginDefinition<Api = unknown> {
  /** Runs once, before the first widget is mounted. May return its own undo. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing has to fit.
  activate?(mortise: Mortise<Api>): void | (() => void) | Promise<void | (() => void)>
  /** Widgets by the ids the manifest declares. */
  readonly widgets?: Readonly<Record<string, MountWidget<Api>>>
}

/**
 * Declares a plugin. Export the result by default from the UI entry.
 *
 * @example
 * ```ts
 * export default definePlugin<StreamspaceApi>({
 *   widgets: {
 *     hello({ root }) {
 *       root.append(document.createElement('m-text'))
 *     },
 *   },
 * })
 * ```
 */
export function definePlugin<Api = unknown>(plugin: PluginDefinition<Api>): PluginDefinition<Api> {
  return plugin
}
