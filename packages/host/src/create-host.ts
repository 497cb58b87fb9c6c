import {
  bridgeLimits,
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
import type { FeedListener } from './backend.ts'
import { createDomainCalls } from './domain-calls.ts'
import { FrameGate, type Hold } from './frame-gate.ts'
import { Guest } from './guest.ts'
import { GuestMemory } from './guest-memory.ts'
import { GuestRecorder } from './guest-recorder.ts'
import { InstalledPlugins } from './installed-plugins.ts'
import { LoadAttempts } from './load-attempts.ts'
import { type Misconduct, misconducts } from './misconduct.ts'
import { openSandbox } from './open-sandbox.ts'
import { PermissionDesk } from './permission-desk.ts'
import { PluginCosts } from './plugin-costs.ts'
import { mayRun, sameSandbox } from './plugin-records.ts'
import { failure } from './probe-entry.ts'
import { RealmCode } from './realm-code.ts'
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
  call: bridgeLimits.deadlineMs,
  heartbeat: 1000,
  misses: 4,
  restarts: [0, 1000, 4000],
  forgive: 300_000,
  idle: 2000,
  paint: 400,
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
    confinesFrames: undefined,
    unconfined: [],
  }))
  readonly recorder: GuestRecorder
  readonly costs: Host['costs']
  readonly #costs: PluginCosts
  readonly #options: HostOptions
  readonly #plugins: InstalledPlugins
  readonly #timing: Timing
  readonly #methods
  readonly #wardrobe: Wardrobe
  readonly #desk: PermissionDesk
  readonly #watchdog: Watchdog
  readonly #realmCode = new RealmCode()
  readonly #standbys = new Standbys(() => this.#container, this.#realmCode)
  readonly #loads: LoadAttempts
  /** Plugins whose worker gets a process of its own, because the one they shared ended. */
  readonly #apart = new Set<string>()
  readonly #gate: FrameGate
  readonly #guests = new Set<Guest>()
  readonly #owners = new Map<Guest, string>()
  readonly #workers = new Map<string, Guest>()
  readonly #workerMemories = new Map<string, GuestMemory>()
  readonly #mounts = new Set<WidgetMount>()
  readonly #listeners = new Set<(cursor: string, event: LifecycleEvent) => void>()
  #unfollow: (() => void) | undefined
  #running = false

  constructor(options: HostOptions) {
    this.#options = options
    const { backend, domains } = options
    this.#plugins = new InstalledPlugins({
      store: this.store,
      backend,
      domains,
      onDidChange: (before, after) => this.#follow(before, after),
    })
    this.#timing = { ...defaultTiming, ...options.timing }
    this.#methods = methodTable([...options.domains, frameworkDomain])
    this.#wardrobe = new Wardrobe({
      readScope: (request) => options.backend.themeScope(request),
      patience: this.#timing.paint,
      actors: () => [...this.#guests].filter((guest) => guest.drawing),
      onDidChange: () => {
        for (const guest of this.#guests) guest.setTheme()
      },
    })
    this.#desk = new PermissionDesk(options)
    const { restarts, forgive } = this.#timing
    this.#watchdog = new Watchdog({ restarts, forgetMs: forgive })
    this.#loads = new LoadAttempts({ retries: this.#timing.loadRetries })
    this.store.setState({ unconfined: options.unconfined ?? [] })
    this.#gate = new FrameGate(this.store, options.confinesFrames ?? (async () => false))
    this.recorder = new GuestRecorder(
      this.#methods,
      (plugin) => this.#plugins.find(plugin)?.permissions.map(({ name }) => name) ?? [],
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

  async start(after?: string): Promise<void> {
    this.#running = true
    try {
      await Promise.all([this.refresh(), this.#readTheme()])
      this.store.setState({ ready: true })
    } finally {
      // Only now: an answer that is older than an event must not arrive after it.
      if (this.#running) this.#followFeed(after)
    }
  }

  async stop(): Promise<void> {
    this.#running = false
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

  refresh(plugin?: string): Promise<void> {
    return this.#plugins.refresh(plugin)
  }

  widgetsOf(slot: string): readonly SlotWidget[] {
    return this.#plugins.widgetsOf(slot)
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

  confinesFrames(): Promise<boolean> {
    return this.#gate.ask()
  }

  allowUnconfined(plugin: string, allowed: boolean): void {
    const record = this.#plugins.find(plugin)
    if (!record) return
    this.#gate.allow(record, allowed)
    this.#stopGuests(plugin)
    this.#restartMounts(plugin)
  }

  applyTheme(record: ThemeRecord): Promise<void> {
    return this.#wardrobe.apply(record)
  }

  openThemeScope(request: ThemeScopeRequest): ThemeScope {
    return this.#wardrobe.openScope(request)
  }

  changeLook(change: () => void): Promise<void> {
    return this.#wardrobe.change(change)
  }

  onEvent(listener: (cursor: string, event: LifecycleEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly #mountServices: MountServices = {
    openGuest: (plugin, memory, parent) => this.#openGuest(plugin, memory, parent),
    clearance: (plugin) => this.#clearance(plugin),
    fallback: (plugin) => {
      const record = this.#plugins.find(plugin)
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

  #openGuest(plugin: string, memory: GuestMemory, parent?: HTMLElement): Guest | undefined {
    const installed = this.#plugins.find(plugin)
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
    const installed = this.#plugins.find(id) ?? record
    const round = this.#loads.roundOf(installed)
    const url = (this.#apart.has(id) ? ui.apartUrl : undefined) ?? ui.sandboxUrl
    const sandbox =
      this.#standbys.take(id, url) ??
      openSandbox({
        url,
        title: record.displayName,
        parent,
        code: ui.surface === 'worker' ? this.#realmCode.of(ui) : undefined,
      })
    const guest: Guest = new Guest(record, ui, sandbox, {
      domains: this.#options.domains,
      methods: this.#methods,
      timing: this.#timing,
      memory,
      meter: this.#costs.meterOf(id),
      onCall: this.recorder.observe(id),
      usePermission: (permission) => this.recorder.use(id, permission),
      theme: () => this.#wardrobe.textFor(parent),
      fonts: () => this.#wardrobe.fonts,
      callDomain: createDomainCalls(this.#options.backend, id),
      requestPermissions: (permissions, reason) => this.#requestPermissions(id, permissions, reason),
      onLog: (line) => this.#log(id, line),
      onDidEnd: () => {
        this.#guests.delete(guest)
        this.#owners.delete(guest)
        if (this.#workers.get(id) === guest) this.#workers.delete(id)
      },
      onDidLoad: () => this.#loads.succeeded(installed),
      onDidNotLoad: (error) => this.#loadAgain(installed, round, error, guest),
      onDidFalter: () => this.#standbys.prepare(record, url),
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

  #clearance(plugin: string): Clearance | Hold {
    const clearance = this.#watchdog.clearance(plugin)
    if ('error' in clearance) return clearance
    const record = this.#plugins.find(plugin)
    const held = record && this.#gate.hold(record, this.#loads.running(record).ui?.surface)
    if (held) return held
    return { waitMs: Math.max(clearance.waitMs, this.#loads.waitMs(plugin)) }
  }

  /** Answers whether there is another attempt, or the version before, for the mounts of a guest that did not load. */
  #loadAgain(installed: PluginRecord, round: number, error: ErrorRecord, guest: Guest): boolean {
    const record = this.#plugins.find(installed.id)
    if (record?.version !== installed.version) return false
    const mounts = [...this.#mounts].filter((mount) => mount.uses(guest))
    const next = this.#loads.failed(record, round, error)
    if (next === undefined) return false
    if (next === 'fallback') {
      const message = `${record.displayName} ${record.version} did not load, so ${record.ui?.previous?.version} runs in its place: ${error.message}`
      this.#log(record.id, { level: 'warn', message })
      // What the newer version saved may be what the older one cannot read.
      this.#workerMemories.delete(record.id)
    }
    for (const mount of mounts) {
      if (next === 'fallback') mount.forget()
      mount.start()
    }
    return true
  }

  /**
   * Starts a plugin anew whose realm was ended for what it did, or puts it into quarantine. Its other realms end
   * too: frames of a plugin share a process, and one that hangs is gone only when the last of them is.
   */
  #strike({ id, displayName, ui }: PluginRecord, guest: Guest, misconduct: Misconduct): void {
    const guests = [guest, ...[...this.#guests].filter((other) => this.#owners.get(other) === id)]
    const mounts = [...this.#mounts].filter((mount) => guests.some((each) => mount.uses(each)))
    for (const each of guests) each.end()
    if (misconduct === 'crashed') {
      // Those who were opened ahead of time in that process are gone as well.
      this.#standbys.clear()
      // All who shared it are here, and nobody knows whose doing it was. Alone it is known.
      if (ui?.apartUrl !== undefined && !this.#apart.has(id)) {
        this.#apart.add(id)
        const message = `The process that ${displayName} shared with other plugins ended. It is started again in one of its own.`
        this.#log(id, { level: 'warn', message })
        for (const mount of mounts) mount.start()
        return
      }
    }
    const { strikes, says, code } = misconducts[misconduct]
    const mayStart = this.#watchdog.strike(id, strikes, (times) =>
      failure(
        'PLUGIN_QUARANTINED',
        `${displayName} ${says} and was stopped${times > 1 ? ` ${times} times` : ''}. It stays stopped until somebody starts it again.`,
        { code },
      ),
    )
    const then = mayStart ? 'is started again' : 'stays stopped'
    this.#log(id, { level: 'error', message: `${displayName} ${says} and ${then}.`, data: { code } })
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

  #log(plugin: string, line: LogLine): void {
    const { onLog = logToConsole } = this.#options
    onLog(plugin, line)
  }

  #throttle(guest: Guest, plugin: string): void {
    const { throttledRate = defaultThrottledRate } = this.#options.budgets ?? {}
    guest.throttle(this.#costs.isThrottled(plugin) ? throttledRate : undefined)
  }

  #overspent(plugin: string, what: string): void {
    const displayName = this.#plugins.find(plugin)?.displayName ?? plugin
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
    const record = this.#plugins.find(plugin)
    if (!record) return
    const described = permissions.map((name) => describePermission(name, this.#options.domains))
    const changed = await this.#desk.ask(record, described, reason)
    if (changed) this.#plugins.set(plugin, changed)
  }

  #followFeed(after: string | undefined): void {
    const listener: FeedListener = {
      onEvent: (cursor, event) => this.#take(cursor, event),
      onConnection: (connection) => this.store.setState({ connection }),
      onContacts: (news) => this.recorder.noteContacts(news),
      onGap: () => {
        for (const memory of this.#workerMemories.values()) memory.lose()
        for (const mount of this.#mounts) mount.memory.lose()
        this.refresh().catch(report)
        this.#readTheme()
      },
    }
    this.#unfollow ??= this.#options.backend.follow(listener, after)
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

  /** Makes running guests fit what their plugin has become. */
  #follow(before: PluginRecord | undefined, after: PluginRecord | undefined): void {
    const id = (after ?? before)?.id
    if (id === undefined) return
    // Somebody may wear a theme that came, changed or went.
    if (before && (before.themes.length > 0 || after?.themes.length)) this.#readTheme()
    if (!after || !mayRun(after)) {
      this.#watchdog.forgive(id)
      this.#loads.forget(id)
      this.#apart.delete(id)
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

function report(error: unknown): void {
  console.error(error)
}
