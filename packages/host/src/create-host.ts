import {
  describePermission,
  type ErrorRecord,
  frameworkDomain,
  type LifecycleEvent,
  MortiseError,
  methodTable,
  type PluginRecord,
  type ThemeRecord,
} from '@mortise/contract'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { createDomainCalls } from './domain-calls.ts'
import { Guest } from './guest.ts'
import { GuestMemory } from './guest-memory.ts'
import { GuestRecorder } from './guest-recorder.ts'
import { LoadAttempts } from './load-attempts.ts'
import { type Misconduct, misconducts } from './misconduct.ts'
import { openSandbox } from './open-sandbox.ts'
import { PermissionDesk } from './permission-desk.ts'
import { PluginCosts } from './plugin-costs.ts'
import { listSlotWidgets, mayRun, sameSandbox } from './plugin-records.ts'
import { failure } from './probe-entry.ts'
import { Standbys } from './standbys.ts'
import type {
  Host,
  HostOptions,
  HostState,
  LogLine,
  Mount,
  SlotWidget,
  ThemeScope,
  ThemeScopeRequest,
  Timing,
} from './types.ts'
import { Wardrobe } from './wardrobe.ts'
import { type Clearance, Watchdog } from './watchdog.ts'
import { type MountServices, WidgetMount } from './widget-mount.ts'

const defaultTiming: Timing = {
  load: 15_000,
  loadRetries: [500, 2000],
  mount: 10_000,
  heartbeat: 1000,
  misses: 4,
  restarts: [0, 1000, 4000],
  forgive: 300_000,
  idle: 2000,
}

/** Messages per second. */
const defaultThrottledRate = 20

/** Makes the engine. Nothing runs before `start`. */
export function createHost(options: HostOptions): Host {
  return new Engine(options)
}

class Engine implements Host {
  readonly store: StoreApi<HostState> = createStore<HostState>(() => ({
    plugins: [],
    connection: 'connecting',
    ready: false,
  }))
  readonly recorder: GuestRecorder
  readonly costs: Host['costs']
  readonly #costs: PluginCosts
  readonly #options: HostOptions
  readonly #timing: Timing
  readonly #methods
  readonly #wardrobe: Wardrobe
  readonly #desk: PermissionDesk
  readonly #watchdog: Watchdog
  readonly #standbys = new Standbys(() => this.#container)
  readonly #loads: LoadAttempts
  readonly #guests = new Set<Guest>()
  readonly #owners = new Map<Guest, string>()
  readonly #workers = new Map<string, Guest>()
  readonly #workerMemories = new Map<string, GuestMemory>()
  readonly #mounts = new Set<WidgetMount>()
  readonly #listeners = new Set<(cursor: string, event: LifecycleEvent) => void>()
  readonly #slots = new Map<string, { plugins: readonly PluginRecord[]; widgets: readonly SlotWidget[] }>()
  readonly #turns = new Map<string, number>()
  #unfollow: (() => void) | undefined

  constructor(options: HostOptions) {
    this.#options = options
    this.#timing = { ...defaultTiming, ...options.timing }
    this.#methods = methodTable([...options.domains, frameworkDomain])
    this.#wardrobe = new Wardrobe({
      readScope: (request) => options.backend.themeScope(request),
      onDidChange: () => {
        for (const guest of this.#guests) guest.setTheme()
      },
    })
    this.#desk = new PermissionDesk(options)
    const { restarts, forgive } = this.#timing
    this.#watchdog = new Watchdog({ restarts, forgetMs: forgive })
    this.#loads = new LoadAttempts({ retries: this.#timing.loadRetries })
    this.recorder = new GuestRecorder(
      this.#methods,
      (plugin) => this.#record(plugin)?.permissions.map(({ name }) => name) ?? [],
    )
    this.#costs = new PluginCosts({
      budgets: options.budgets ?? {},
      health: (plugin) => ({
        restarts: this.#watchdog.timesOf(plugin),
        quarantined: this.#watchdog.isQuarantined(plugin),
      }),
      onDidThrottle: (plugin) => {
        for (const [guest, owner] of this.#owners) if (owner === plugin) this.#throttle(guest, plugin)
      },
      onDidOverspend: (plugin, what) => this.#overspent(plugin, what),
    })
    this.costs = this.#costs.store
  }

  async start(): Promise<void> {
    const { backend } = this.#options
    this.#unfollow ??= backend.follow({
      onEvent: (cursor, event) => this.#take(cursor, event),
      onConnection: (connection) => this.store.setState({ connection }),
      onGap: () => {
        for (const memory of this.#workerMemories.values()) memory.lose()
        for (const mount of this.#mounts) mount.memory.lose()
        this.refresh().catch(report)
        this.#readTheme()
      },
    })
    await Promise.all([this.refresh(), this.#readTheme()])
    this.store.setState({ ready: true })
  }

  async stop(): Promise<void> {
    this.#unfollow?.()
    this.#unfollow = undefined
    for (const mount of [...this.#mounts]) mount.unmount()
    for (const guest of [...this.#guests]) guest.stop()
    this.#standbys.clear()
    this.#workerMemories.clear()
    this.#costs.stop()
    this.#wardrobe.release()
    this.#listeners.clear()
  }

  async refresh(plugin?: string): Promise<void> {
    const key = plugin ?? ''
    const turn = (this.#turns.get(key) ?? 0) + 1
    this.#turns.set(key, turn)
    const { backend } = this.#options
    const read = plugin === undefined ? await backend.plugins() : await backend.plugin(plugin)
    // A later reading may have been answered first; the older one is stale then.
    if (this.#turns.get(key) !== turn) return
    if (plugin === undefined) this.#setPlugins(read as readonly PluginRecord[])
    else this.#setPlugin(plugin, read as PluginRecord | undefined)
  }

  widgetsOf(slot: string): readonly SlotWidget[] {
    const { plugins } = this.store.getState()
    const known = this.#slots.get(slot)
    if (known?.plugins === plugins) return known.widgets
    const widgets = listSlotWidgets(plugins, slot, this.#options.domains, known?.widgets ?? [])
    this.#slots.set(slot, { plugins, widgets })
    return widgets
  }

  mount(widget: SlotWidget, slot: string, context: unknown): Mount {
    const mount = new WidgetMount(widget, slot, context, this.#mountServices)
    this.#mounts.add(mount)
    return mount
  }

  async reload(plugin: string): Promise<void> {
    this.#watchdog.forgive(plugin)
    this.#loads.forget(plugin)
    this.#stopGuests(plugin)
    await this.refresh(plugin)
    this.#restartMounts(plugin)
  }

  applyTheme(record: ThemeRecord): Promise<void> {
    return this.#wardrobe.apply(record)
  }

  openThemeScope(request: ThemeScopeRequest): ThemeScope {
    return this.#wardrobe.openScope(request)
  }

  onEvent(listener: (cursor: string, event: LifecycleEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly #mountServices: MountServices = {
    openGuest: (plugin, memory, parent) => this.#openGuest(plugin, memory, parent),
    clearance: (plugin) => this.#clearance(plugin),
    fallback: (plugin) => {
      const record = this.#record(plugin)
      return record && this.#loads.fallbackOf(record)
    },
    restarts: (plugin) => this.#watchdog.timesOf(plugin),
    forgive: (plugin) => this.#forgive(plugin),
    leaveGuest: (plugin, guest) => this.#leaveGuest(plugin, guest),
    onDidUnmount: (mount) => this.#mounts.delete(mount),
    clampHeight: (slot, height) => {
      const definition = this.#options.domains.find((domain) => Object.hasOwn(domain.slots, slot))?.slots[
        slot
      ]
      return definition ? Math.min(Math.max(height, definition.height.min), definition.height.max) : height
    },
  }

  get #container(): HTMLElement {
    return this.#options.container ?? document.body
  }

  #record(plugin: string): PluginRecord | undefined {
    return this.store.getState().plugins.find(({ id }) => id === plugin)
  }

  #openGuest(plugin: string, memory: GuestMemory, parent?: HTMLElement): Guest | undefined {
    const installed = this.#record(plugin)
    const record = installed && this.#loads.running(installed)
    if (!record?.ui || !mayRun(record)) return undefined
    if (record.ui.surface === 'frame') return parent && this.#createGuest(record, memory, parent)
    const running = this.#workers.get(plugin)
    if (running) return running
    const kept = this.#workerMemories.get(plugin) ?? new GuestMemory()
    this.#workerMemories.set(plugin, kept)
    const guest = this.#createGuest(record, kept, this.#container)
    this.#workers.set(plugin, guest)
    return guest
  }

  #createGuest(record: PluginRecord, memory: GuestMemory, parent: HTMLElement): Guest {
    const { id, ui } = record
    if (!ui) throw new MortiseError('PLUGIN_NOT_RUNNING', `${record.displayName} has no user interface.`)
    const { onLog = logToConsole } = this.#options
    const installed = this.#record(id) ?? record
    const round = this.#loads.roundOf(installed)
    const sandbox =
      this.#standbys.take(record) ??
      openSandbox({
        url: ui.sandboxUrl,
        title: record.displayName,
        parent,
        hidden: ui.surface === 'worker',
      })
    const guest: Guest = new Guest(record, ui, sandbox, {
      domains: this.#options.domains,
      methods: this.#methods,
      timing: this.#timing,
      memory,
      meter: this.#costs.meterOf(id),
      onCall: this.recorder.observe(id),
      usePermission: (permission) => this.recorder.use(id, permission),
      theme: () => this.#wardrobe.stateFor(parent),
      fonts: () => this.#wardrobe.fonts,
      callDomain: createDomainCalls(this.#options.backend, id),
      requestPermissions: (permissions, reason) => this.#requestPermissions(id, permissions, reason),
      onLog: (line) => onLog(id, line),
      onDidEnd: () => {
        this.#guests.delete(guest)
        this.#owners.delete(guest)
        if (this.#workers.get(id) === guest) this.#workers.delete(id)
      },
      onDidLoad: () => this.#loads.succeeded(installed),
      onDidNotLoad: (error) => this.#loadAgain(installed, round, error, guest),
      onDidFalter: () => this.#standbys.prepare(record),
      onDidAnswer: () => this.#standbys.drop(id),
      onDidMisbehave: (misconduct) => this.#strike(record, guest, misconduct),
    })
    if (this.#costs.isThrottled(id)) this.#throttle(guest, id)
    this.#guests.add(guest)
    this.#owners.set(guest, id)
    return guest
  }

  #leaveGuest(plugin: string, guest: Guest): void {
    if (guest.ended || guest.mountCount > 0) return
    if (this.#workers.get(plugin) !== guest) {
      guest.stop()
      return
    }
    setTimeout(() => {
      if (guest.ended || guest.mountCount > 0) return
      guest.stop()
      this.#workerMemories.get(plugin)?.lose()
    }, this.#timing.idle)
  }

  #clearance(plugin: string): Clearance {
    const clearance = this.#watchdog.clearance(plugin)
    if ('error' in clearance) return clearance
    return { waitMs: Math.max(clearance.waitMs, this.#loads.waitMs(plugin)) }
  }

  /** Answers whether there is another attempt, or the version before, for the mounts of a guest that did not load. */
  #loadAgain(installed: PluginRecord, round: number, error: ErrorRecord, guest: Guest): boolean {
    const record = this.#record(installed.id)
    if (record?.version !== installed.version) return false
    const mounts = [...this.#mounts].filter((mount) => mount.uses(guest))
    const next = this.#loads.failed(record, round, error)
    if (next === undefined) return false
    if (next === 'fallback') {
      const { onLog = logToConsole } = this.#options
      const message = `${record.displayName} ${record.version} did not load, so ${record.ui?.previous?.version} runs in its place: ${error.message}`
      onLog(record.id, { level: 'warn', message })
      // What the newer version saved may be what the older one cannot read.
      this.#workerMemories.delete(record.id)
    }
    for (const mount of mounts) {
      if (next === 'fallback') mount.forget()
      mount.start()
    }
    return true
  }

  /** Starts the mounts of a realm anew that was ended for what it did, or puts its plugin into quarantine. */
  #strike({ id, displayName }: PluginRecord, guest: Guest, misconduct: Misconduct): void {
    const mounts = [...this.#mounts].filter((mount) => mount.uses(guest))
    const { strikes, says, code } = misconducts[misconduct]
    const mayStart = this.#watchdog.strike(id, strikes, (times) =>
      failure(
        'PLUGIN_QUARANTINED',
        `${displayName} ${says} and was stopped${times > 1 ? ` for the ${ordinal(times)} time` : ''}. It stays stopped until somebody starts it again.`,
        { code },
      ),
    )
    const { onLog = logToConsole } = this.#options
    const then = mayStart ? 'is started again' : 'stays stopped'
    onLog(id, { level: 'error', message: `${displayName} ${says} and ${then}.`, data: { code } })
    if (!mayStart) this.#enforceQuarantine(id)
    else for (const mount of mounts) mount.start()
  }

  /** Ends everything of a plugin in quarantine. What it saved goes too: it may be what makes it hang. */
  #enforceQuarantine(plugin: string): void {
    this.#stopGuests(plugin)
    this.#workerMemories.delete(plugin)
    for (const mount of [...this.#mounts]) {
      if (mount.plugin !== plugin) continue
      mount.forget()
      mount.start()
    }
  }

  #throttle(guest: Guest, plugin: string): void {
    const { throttledRate = defaultThrottledRate } = this.#options.budgets ?? {}
    guest.throttle(this.#costs.isThrottled(plugin) ? throttledRate : undefined)
  }

  #overspent(plugin: string, what: string): void {
    const displayName = this.#record(plugin)?.displayName ?? plugin
    const message = `${displayName} went beyond its budget (${what}) and stays stopped until somebody starts it again.`
    this.#watchdog.quarantine(plugin, failure('PLUGIN_QUARANTINED', message))
    this.#enforceQuarantine(plugin)
  }

  #forgive(plugin: string): void {
    const quarantined = this.#watchdog.isQuarantined(plugin)
    this.#watchdog.forgive(plugin)
    this.#loads.forget(plugin)
    if (quarantined) this.#restartMounts(plugin)
  }

  async #requestPermissions(plugin: string, permissions: readonly string[], reason: string): Promise<void> {
    const record = this.#record(plugin)
    if (!record) return
    const described = permissions.map((name) => describePermission(name, this.#options.domains))
    const changed = await this.#desk.ask(record, described, reason)
    if (changed) this.#setPlugin(plugin, changed)
  }

  #take(cursor: string, event: LifecycleEvent): void {
    for (const memory of this.#workerMemories.values()) memory.note(cursor, event)
    for (const mount of this.#mounts) mount.memory.note(cursor, event)
    for (const guest of this.#guests) guest.deliver(cursor, event)
    if (event.event_type.startsWith('plugin.')) {
      const { plugin } = (event.data ?? {}) as { plugin?: unknown }
      if (typeof plugin === 'string') {
        this.refresh(plugin).catch(report)
        if (this.#wardrobe.wears(plugin)) this.#readTheme()
      }
    } else if (event.event_type === 'theme.changed') {
      this.#readTheme()
    }
    for (const listener of [...this.#listeners]) listener(cursor, event)
  }

  async #readTheme(): Promise<void> {
    try {
      await this.applyTheme(await this.#options.backend.theme())
    } catch (error) {
      // The page keeps the theme it was served with: no reason to stop anything.
      report(error)
    }
  }

  #setPlugins(next: readonly PluginRecord[]): void {
    const before = this.store.getState().plugins
    const plugins = next.map((record) => {
      const known = before.find(({ id }) => id === record.id)
      return known && JSON.stringify(known) === JSON.stringify(record) ? known : record
    })
    const same =
      plugins.length === before.length && plugins.every((record, index) => record === before[index])
    if (same) return
    this.store.setState({ plugins })
    const ids = new Set([...before, ...plugins].map(({ id }) => id))
    for (const id of ids) {
      this.#follow(
        before.find((record) => record.id === id),
        plugins.find((record) => record.id === id),
      )
    }
  }

  #setPlugin(id: string, record: PluginRecord | undefined): void {
    const { plugins } = this.store.getState()
    const known = plugins.some((plugin) => plugin.id === id)
    if (!record) this.#setPlugins(plugins.filter((plugin) => plugin.id !== id))
    else if (known) this.#setPlugins(plugins.map((plugin) => (plugin.id === id ? record : plugin)))
    else this.#setPlugins([...plugins, record])
  }

  /** Makes running guests fit what their plugin has become. */
  #follow(before: PluginRecord | undefined, after: PluginRecord | undefined): void {
    const id = (after ?? before)?.id
    if (id === undefined || before === after) return
    // Somebody may wear a theme that came, changed or went.
    if (before && (before.themes.length > 0 || after?.themes.length)) this.#readTheme()
    if (!after || !mayRun(after)) {
      this.#watchdog.forgive(id)
      this.#loads.forget(id)
      this.#workerMemories.delete(id)
      this.#costs.close(id)
      this.#stopGuests(id)
      for (const mount of this.#mounts) if (mount.plugin === id) mount.close()
    } else if (before && !sameSandbox(before, after)) {
      this.#watchdog.forgive(id)
      this.#stopGuests(id)
      this.#restartMounts(id)
    } else {
      for (const [guest, owner] of this.#owners) if (owner === id) guest.setRecord(this.#loads.running(after))
    }
  }

  #stopGuests(plugin: string): void {
    this.#standbys.drop(plugin)
    for (const [guest, owner] of [...this.#owners]) if (owner === plugin) guest.stop()
  }

  #restartMounts(plugin: string): void {
    for (const mount of [...this.#mounts]) if (mount.plugin === plugin) mount.start()
  }
}

function logToConsole(plugin: string, { level, message, data }: LogLine): void {
  console[level](`[${plugin}]`, message, ...(data === undefined ? [] : [data]))
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const suffixes: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }

function ordinal(count: number): string {
  return `${count}${suffixes[ordinals.select(count)]}`
}

function report(error: unknown): void {
  console.error(error)
}
