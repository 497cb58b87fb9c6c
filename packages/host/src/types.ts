import type {
  DescribedPermission,
  DomainDefinition,
  ErrorRecord,
  LifecycleEvent,
  PluginRecord,
  ThemeChoice,
  ThemeRecord,
  WidgetContribution,
} from '@mortise/contract'
import type { RemoteReceiver } from '@remote-dom/core/receivers'
import type { StoreApi } from 'zustand/vanilla'
import type { Backend, Connection } from './backend.ts'
import type { GuestRecorder } from './guest-recorder.ts'
import type { Fallback } from './load-attempts.ts'
import type { Budgets, PluginCost } from './plugin-costs.ts'

export interface HostOptions {
  /** Vocabularies of this host. The framework's own is added. */
  readonly domains: readonly DomainDefinition[]
  readonly backend: Backend
  /** Where hidden sandboxes are kept. `document.body` by default. */
  readonly container?: HTMLElement
  /**
   * Asks the person at the screen. Answers the names of the permissions they agree to, which may be
   * some of those asked for; the engine then tells the backend. Without it every request is refused.
   */
  readonly onPermissionRequest?: (
    plugin: PluginRecord,
    permissions: readonly DescribedPermission[],
    reason: string,
  ) => Promise<readonly string[]>
  /** Receives the log lines of plugins. They go to the console by default. */
  readonly onLog?: (plugin: string, line: LogLine) => void
  /**
   * Whether this browser keeps code in a frame from connecting elsewhere; asked once, before the first frame starts.
   * `probeConnectionAllowlist` finds out with the backend's probe document. Without it none is taken to.
   */
  readonly confinesFrames?: () => Promise<boolean>
  /**
   * Frame plugins that a person lets start in this browser although it does not: what `store` said under this name the
   * last time, for shells that remember it. None by default.
   */
  readonly unconfined?: readonly string[]
  /** What plugins may cost before they are marked or stopped. Nothing is limited by default. */
  readonly budgets?: Budgets
  /** Overrides for tests and slow machines. */
  readonly timing?: Partial<Timing>
}

/** A line a plugin logged in the browser. The text and data are the plugin's, never trusted. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly data?: unknown
}

/** Deadlines in milliseconds. */
export interface Timing {
  /** From opening a sandbox until its plugin is loaded. */
  readonly load: number
  /** Before the second, third, … attempt to load a plugin that the network kept away. */
  readonly loadRetries: readonly number[]
  /** From asking for a widget until it is mounted. */
  readonly mount: number
  /** From a call of a plugin until it is told that nobody answered. */
  readonly call: number
  /** Between two pings. */
  readonly heartbeat: number
  /** Pings unanswered in a row before a guest counts as hung and is started anew. A number, no time. */
  readonly misses: number
  /** Before the restart after the first, second, … strike. A plugin with one strike more is quarantined. */
  readonly restarts: readonly number[]
  /** How long a plugin has to run until its strikes are forgotten. */
  readonly forgive: number
  /** How long a worker without widgets is kept. */
  readonly idle: number
  /** How long another theme waits until every frame in sight has painted it. */
  readonly paint: number
}

export interface HostState {
  readonly plugins: readonly PluginRecord[]
  readonly connection: Connection
  /** Whether the list of plugins was read once. */
  readonly ready: boolean
  /** Whether this browser keeps code in a frame from connecting elsewhere. `undefined` until that was tried out. */
  readonly confinesFrames: boolean | undefined
  /** Frame plugins, by `unconfinedKey`, that a person lets start in this browser although it does not. */
  readonly unconfined: readonly string[]
}

/** A widget that an enabled plugin offers for a slot. */
export interface SlotWidget {
  /** `plugin:widget`, unique on the host. */
  readonly key: string
  readonly plugin: PluginRecord
  readonly widget: WidgetContribution
  readonly surface: 'worker' | 'frame'
}

export interface MountState {
  readonly status: 'loading' | 'running' | 'failed' | 'closed'
  readonly error?: ErrorRecord
  /** How often in a row the plugin had to be stopped and started again, while it is loading for that reason. */
  readonly restarts?: number
  /** Set while the version before runs because the installed one did not load. */
  readonly fallback?: Fallback
  /** Height of a frame's content in CSS pixels. */
  readonly height?: number
}

/** One widget in one slot, from mounting to unmounting. */
export interface Mount {
  readonly state: StoreApi<MountState>
  readonly surface: 'worker' | 'frame'
  /** The checked component tree of a worker widget. */
  readonly receiver?: RemoteReceiver
  /** Puts a frame widget's iframe into an element, once that is in the document. */
  attach?(element: HTMLElement): void
  /** Tells the widget that the slot says something new. */
  update(context: unknown): void
  /** Starts a failed widget again; one of a quarantined plugin, with the strikes forgotten. */
  retry(): void
  unmount(): void
}

/** What a part of the page shall look like. Parts left out are the person's own, or the system's. */
export interface ThemeScopeRequest
  extends Partial<Pick<ThemeChoice, 'mode' | 'contrast' | 'density' | 'brand'>> {
  /** `null` for the built-in theme, which no plugin can change. */
  readonly theme: ThemeChoice['theme']
}

export interface ThemeScope {
  /** Value of the `data-mortise-theme` attribute. */
  readonly name: string
  /** Settles when the theme can be seen. A theme that is gone or off leaves the part as the page is. */
  readonly ready: Promise<void>
  release(): void
}

/** The engine: knows the plugins, runs them in sandboxes, mounts their widgets. */
export interface Host {
  readonly store: StoreApi<HostState>
  /**
   * Reads plugins and theme and follows the event feed.
   *
   * @param after - Cursor that the page's first answer of the server came with (`GET /api/v1/me`): the feed
   *   goes on from there, so nothing that happens while the page opens is missed. Without it plugins and
   *   theme are read once more when the feed is connected.
   */
  start(after?: string): Promise<void>
  /** Stops every sandbox and releases everything. */
  stop(): Promise<void>
  /** Reads one plugin, or all, anew. */
  refresh(plugin?: string): Promise<void>
  /** Widgets of active plugins for a slot, in paint order. The same array until something changes. */
  widgetsOf(slot: string): readonly SlotWidget[]
  /** Mounts a widget; the plugin's sandbox starts when this is its first. */
  mount(widget: SlotWidget, slot: string, context: unknown): Mount
  /** Stops a plugin's sandboxes and starts its mounted widgets again from its current files. */
  reload(plugin: string): Promise<void>
  /** Tries out, once, whether this browser keeps code in a frame from connecting elsewhere. */
  confinesFrames(): Promise<boolean>
  /**
   * Lets a plugin draw in frames in a browser that does not confine them, or no longer. Call it for a person who was
   * told what that means. It holds for the plugin's present version and starts or stops its widgets.
   */
  allowUnconfined(plugin: string, allowed: boolean): void
  /**
   * Paints the page, its scopes and all frames with a theme. Frames in sight and the page show it in the
   * same painted frame, as far as a frame answers in time. Settles when that is done.
   */
  applyTheme(record: ThemeRecord): Promise<void>
  /**
   * A theme for a part of the page. Put its `name` on an element as `data-mortise-theme`: the element,
   * the frames in it and everything else below it wear that theme until the scope is released.
   */
  openThemeScope(request: ThemeScopeRequest): ThemeScope
  /**
   * Does what changes the look of a part of the page, such as giving an element another scope, so that
   * the page and the frames in sight show it in the same painted frame. Settles when that is done.
   */
  changeLook(change: () => void): Promise<void>
  /** Every call plugins made, and what they made of their permissions. */
  readonly recorder: GuestRecorder
  /** What each plugin that has run costs, by id; published once a second. */
  readonly costs: StoreApi<Readonly<Record<string, PluginCost>>>
  /** Every event of the feed, unfiltered: for the shell itself. */
  onEvent(listener: (cursor: string, event: LifecycleEvent) => void): () => void
}
