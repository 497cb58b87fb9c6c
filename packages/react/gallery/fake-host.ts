/** An engine without sandboxes, for looking at slots: its widgets are in the state they are told to be in. */
import type { PluginRecord, WidgetContribution } from '@mortise/contract'
import type { Host, HostState, Mount, MountState, SlotWidget } from '@mortise/host'
import { RemoteReceiver } from '@remote-dom/core/receivers'

type Store<T> = { getState(): T; setState(next: T): void; subscribe(listener: () => void): () => void }

export interface FakeWidget {
  readonly plugin?: Partial<PluginRecord>
  readonly widget?: Partial<WidgetContribution>
  readonly surface?: 'worker' | 'frame'
  readonly state?: MountState
  /** Draws into the tree, as a worker would. */
  readonly draw?: (receiver: RemoteReceiver) => void
  /** Draws into the element that a frame's iframe would be in. */
  readonly attach?: (element: HTMLElement) => void
}

export interface FakeHost extends Host {
  readonly mounted: string[]
  readonly unmounted: string[]
  readonly retried: string[]
  readonly reloaded: string[]
  readonly allowed: string[]
  /** Says that the list of plugins changed. */
  set(slots: Readonly<Record<string, readonly FakeWidget[]>>, ready?: boolean): void
}

export function createFakeHost(
  slots: Readonly<Record<string, readonly FakeWidget[]>>,
  ready = true,
): FakeHost {
  const entries = new Map<string, FakeWidget>()
  let bySlot = new Map<string, readonly SlotWidget[]>()
  const store = createStore<HostState>({
    plugins: [],
    connection: 'online',
    ready,
    confinesFrames: undefined,
    unconfined: [],
  })
  const log = {
    mounted: [] as string[],
    unmounted: [] as string[],
    retried: [] as string[],
    reloaded: [] as string[],
    allowed: [] as string[],
  }
  const load = (next: typeof slots) => {
    bySlot = new Map(
      Object.entries(next).map(([slot, widgets]) => [
        slot,
        widgets.map((fake, index) => {
          const widget = toSlotWidget(fake, slot, index)
          entries.set(widget.key, fake)
          return widget
        }),
      ]),
    )
  }
  load(slots)
  const none: readonly SlotWidget[] = []
  return {
    ...log,
    store: store as unknown as Host['store'],
    start: async () => {},
    stop: async () => {},
    refresh: async () => {},
    widgetsOf: (slot) => bySlot.get(slot) ?? none,
    mount(widget) {
      log.mounted.push(widget.key)
      return fakeMount(widget, entries.get(widget.key) ?? {}, log)
    },
    reload: async (plugin) => void log.reloaded.push(plugin),
    confinesFrames: async () => false,
    allowUnconfined: (plugin, allowed) => void log.allowed.push(`${plugin} ${allowed}`),
    applyTheme: async () => {},
    openThemeScope: () => ({ name: 'none', ready: Promise.resolve(), release() {} }),
    changeLook: async (change) => change(),
    onEvent: () => () => {},
    // Nothing runs here, so nothing is recorded and nothing costs.
    recorder: {} as Host['recorder'],
    costs: createStore({}) as unknown as Host['costs'],
    set(next, nextReady = true) {
      load(next)
      store.setState({ ...store.getState(), ready: nextReady })
    },
  }
}

function fakeMount(
  widget: SlotWidget,
  fake: FakeWidget,
  log: { unmounted: string[]; retried: string[] },
): Mount {
  const state = createStore<MountState>(fake.state ?? { status: 'running' })
  const receiver = new RemoteReceiver()
  fake.draw?.(receiver)
  return {
    state: state as unknown as Mount['state'],
    surface: widget.surface,
    ...(widget.surface === 'worker' ? { receiver } : { attach: (element) => fake.attach?.(element) }),
    update: () => {},
    retry() {
      log.retried.push(widget.key)
      state.setState({ status: 'loading' })
    },
    unmount: () => void log.unmounted.push(widget.key),
  }
}

function toSlotWidget(fake: FakeWidget, slot: string, index: number): SlotWidget {
  const id = fake.plugin?.id ?? `plugin-${index}`
  const surface = fake.surface ?? 'worker'
  const widget = { id: 'main', title: 'Sessions', slot, order: index, ...fake.widget } as WidgetContribution
  const plugin: PluginRecord = {
    id,
    name: id,
    version: '1.0.0',
    displayName: 'Session list',
    description: '',
    type: 'extension',
    pluginType: 'extension',
    author: 'Example',
    source: 'upload',
    enabled: true,
    status: 'active',
    strikes: 0,
    permissions: [],
    pendingPermissions: [],
    hosts: [],
    config: {},
    configIssues: [],
    secrets: [],
    commands: [],
    themes: [],
    hasServerCode: false,
    manifest: {},
    installedBy: 'admin',
    installedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...fake.plugin,
  }
  return { key: `${id}:${widget.id}`, plugin, widget, surface }
}

function createStore<T>(initial: T): Store<T> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    getState: () => state,
    setState(next) {
      state = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
