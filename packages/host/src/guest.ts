import { createHostBridge, type HostBridge } from '@mortise/bridge/host'
import {
  type ErrorCode,
  type ErrorRecord,
  type FontFile,
  findEvent,
  type HostMessage,
  type LifecycleEvent,
  MortiseError,
  type MountOrder,
  maySeeEvent,
  type PluginRecord,
  type ThemeText,
  toErrorRecord,
  type UiRecord,
  wireVersion,
} from '@mortise/contract'
import { EventWindow } from './event-window.ts'
import { compileMethods, type FrameworkMethods } from './guest-methods.ts'
import type { GuestMount, GuestServices } from './guest-services.ts'
import { Heartbeat } from './heartbeat.ts'
import { limitLog } from './limit-log.ts'
import type { Misconduct } from './misconduct.ts'
import type { Sandbox } from './open-sandbox.ts'
import { grantsOf } from './plugin-records.ts'
import { failure, probeEntry } from './probe-entry.ts'
import { Subscriptions } from './subscriptions.ts'
import type { LogLine } from './types.ts'

interface MountEntry {
  readonly mount: GuestMount
  timer: ReturnType<typeof setTimeout> | undefined
}

const savesPerSecond = 50
/** How long a stopping guest may spend on its teardown. */
const graceMs = 100

/** One sandbox with one plugin in it, from opening to its end. It is never restarted: the next one is new. */
export class Guest {
  readonly #services: GuestServices
  readonly #sandbox: Sandbox
  readonly #bridge: HostBridge
  readonly #mounts = new Map<number, MountEntry>()
  readonly #subscriptions: Subscriptions
  readonly #framework: FrameworkMethods
  #record: PluginRecord
  #granted: ReadonlySet<string>
  #state: 'starting' | 'ready' | 'ended' = 'starting'
  #widgets: ReadonlySet<string> = new Set()
  #lastMount = 0
  #theme: ThemeText | undefined
  #scene = 0
  #painting: PromiseWithResolvers<void> | undefined
  readonly #fonts = new Set<FontFile>()
  readonly #framed: boolean
  #loadTimer: ReturnType<typeof setTimeout> | undefined
  readonly #heartbeat: Heartbeat
  readonly #events = new EventWindow((message) => this.#send(message))
  readonly #log: (line: LogLine) => void
  #isProcessGone = () => false
  #throttled = false
  #savesOfSecond = 0
  #second = 0

  /** @param sandbox - Opened for this plugin and not started yet. */
  constructor(record: PluginRecord, ui: UiRecord, sandbox: Sandbox, services: GuestServices) {
    this.#record = record
    this.#sandbox = sandbox
    this.#services = services
    this.#framed = ui.surface === 'frame'
    this.#granted = grantsOf(record)
    this.#subscriptions = new Subscriptions(services.memory, (...sent) => this.#sendEvent(...sent))
    this.#log = limitLog(services.onLog)
    this.#heartbeat = new Heartbeat({
      ping: (nonce) => this.#send({ type: 'ping', nonce }),
      onDidHear: (latencyMs) => {
        services.meter.heard(latencyMs)
        services.onDidAnswer()
      },
      // A throttled guest's answer waits behind what it sent before.
      excused: () => this.#throttled && this.#bridge.stats.waiting > 0,
      onDidFalter: (isLate) => {
        if (!isLate) services.onDidFalter()
        let alive = this.#framed
        // A flood can keep the document from answering where it shares the page's process, as in Firefox.
        const said = this.#said
        this.#isProcessGone = () => !alive && this.#said === said
        if (!alive) sandbox.probe(() => (alive = true))
      },
      onDidStop: () => this.#misbehaved(this.#isProcessGone() ? 'crashed' : 'hung'),
    })
    this.#framework = this.#createFramework()
    sandbox.start(
      () => ({
        type: 'mortise.boot',
        version: wireVersion,
        plugin: { id: record.id, version: record.version, displayName: record.displayName },
        entry: ui.entryUrl,
        format: ui.format,
        isolated: ui.sharing.isolated,
        granted: [...this.#granted],
        ...this.#tellTheme(),
        locale: document.documentElement.lang || navigator.language,
        saved: services.memory.saved,
      }),
      () => this.#misbehaved('navigated'),
      (error) => this.#fail(toErrorRecord(error)),
    )
    this.#bridge = createHostBridge({
      port: this.#sandbox.port,
      methods: this.#compile(),
      limits: { deadlineMs: services.timing.call },
      onCall: (method, bytes, startedAt, durationMs, outcome) => {
        services.meter.calls++
        services.meter.bytes += bytes
        services.onCall(method, bytes, startedAt, durationMs, outcome)
      },
      onClose: (reason) => this.#misbehaved(reason === 'flood' ? 'flooded' : 'forged'),
    })
    this.#loadTimer = setTimeout(() => this.#loadTimedOut(ui.entryUrl), services.timing.load)
  }

  get ended(): boolean {
    return this.#state === 'ended'
  }

  /** Whether it draws into the page itself, and is loaded. */
  get drawing(): boolean {
    return this.#framed && this.#state === 'ready'
  }

  get mountCount(): number {
    return this.#mounts.size
  }

  /** Messages of the guest so far, with those that wait to be read. */
  get #said(): number {
    const { messages, waiting } = this.#bridge.stats
    return messages + waiting
  }

  get element(): HTMLIFrameElement {
    return this.#sandbox.element
  }

  /** Mounts a widget as soon as the plugin is loaded. Answers the number that names the mount. */
  addMount(mount: GuestMount): number {
    const number = ++this.#lastMount
    const entry: MountEntry = { mount, timer: undefined }
    this.#mounts.set(number, entry)
    if (this.#state === 'ready') this.#sendMounts([[number, entry]])
    return number
  }

  removeMount(number: number): void {
    const entry = this.#mounts.get(number)
    if (!entry) return
    clearTimeout(entry.timer)
    this.#mounts.delete(number)
    this.#send({ type: 'unmount', mount: number })
  }

  setContext(number: number, context: unknown): void {
    if (this.#state === 'ready') this.#send({ type: 'context', mount: number, context })
  }

  dispatch(number: number, listener: number, args: readonly unknown[]): void {
    if (this.#mounts.has(number)) this.#send({ type: 'ui', mount: number, listener, args })
  }

  /** Takes over new grants, from the guest's next call on. */
  setRecord(record: PluginRecord): void {
    this.#record = record
    const granted = grantsOf(record)
    if (granted.size === this.#granted.size && [...granted].every((name) => this.#granted.has(name))) return
    this.#granted = granted
    this.#bridge.setMethods(this.#compile())
    this.#send({ type: 'grants', granted: [...granted] })
  }

  /** @param messagesPerSecond - `undefined` for the guest's own rate. */
  throttle(messagesPerSecond: number | undefined): void {
    this.#throttled = messagesPerSecond !== undefined
    this.#bridge.throttle(messagesPerSecond)
  }

  /** Tells a frame what it looks like now, where that is news. A worker draws nothing itself. */
  setTheme(): void {
    const before = this.#theme
    const known = this.#fonts.size
    const told = this.#tellTheme()
    if (told.theme === before && this.#fonts.size === known) return
    this.#send({ type: 'theme', ...told, scene: ++this.#scene })
    if (this.drawing) this.#painting ??= Promise.withResolvers()
  }

  /** Settles once the frame shows the theme it was told last; `undefined` where it does. */
  get painting(): Promise<void> | undefined {
    return this.#painting?.promise
  }

  #painted(): void {
    this.#painting?.resolve()
    this.#painting = undefined
  }

  /** The theme, and the fonts that this guest was not given yet. */
  #tellTheme(): { readonly theme: ThemeText; readonly fonts: readonly FontFile[] } {
    const { theme, fonts } = this.#services
    this.#theme = theme()
    const news = this.#framed ? fonts().filter((font) => !this.#fonts.has(font)) : []
    for (const font of news) this.#fonts.add(font)
    return { theme: this.#theme, fonts: news }
  }

  /** Passes an event on where the guest asked for it and may see it. */
  deliver(cursor: string, event: LifecycleEvent): void {
    this.#subscriptions.deliver(cursor, event)
  }

  /** Ends the guest and everything it started. Ending twice is not an error. */
  stop(): void {
    if (this.#state === 'ended') return
    this.#send({ type: 'stop' })
    this.#end(graceMs)
  }

  /** Ends the guest at once, without a word to it. */
  end(): void {
    if (this.#state !== 'ended') this.#end(0)
  }

  #compile() {
    return compileMethods(this.#services.methods, this.#framework, this.#services.callDomain, this.#granted)
  }

  #send(message: HostMessage): void {
    if (this.#state !== 'ended') this.#bridge.send(message)
  }

  #createFramework(): FrameworkMethods {
    const services = this.#services
    return {
      'guest.ready': (widgets) => this.#ready(widgets),
      'guest.mounted': (number) => {
        const entry = this.#mounts.get(number)
        if (!entry) return
        clearTimeout(entry.timer)
        entry.mount.onMounted()
      },
      'guest.failed': (error, number) => {
        if (number === undefined) {
          this.#loadFailed(error)
          return
        }
        // What a widget saved may be what it cannot bear.
        this.#mounts.get(number)?.mount.onSave(undefined)
        this.#failMount(number, this.#words(error, 'PLUGIN_THREW', 'threw while drawing its widget'))
      },
      'guest.pong': (nonce) => this.#heartbeat.heard(nonce),
      'guest.painted': (scene) => {
        if (scene === this.#scene) this.#painted()
      },
      'guest.log': (level, message, data) => this.#log({ level, message, data }),
      'events.subscribe': (id, type) => this.#subscriptions.add(id, type),
      'events.unsubscribe': (id) => this.#subscriptions.remove(id),
      'events.acknowledge': (count) => this.#events.acknowledge(count),
      'calls.cancel': (key) => this.#bridge.cancel(key),
      'permissions.has': (permission) => this.#granted.has(permission),
      'permissions.request': async (permissions, reason) => {
        const missing = permissions.filter((name) => !this.#granted.has(name))
        if (missing.length > 0) await services.requestPermissions([...new Set(missing)], reason)
        return permissions.filter((name) => this.#granted.has(name))
      },
      'state.save': (value, options) => this.#save(value, options?.mount, options?.cursor),
      'ui.mutate': (number, records) => {
        services.meter.mutations += records.length
        // Records still under way when their widget was unmounted are no fault of the guest.
        const answer = this.#mounts.get(number)?.mount.onRecords(records)
        const end = (error: ErrorRecord | undefined) => error && this.#failMount(number, error)
        return answer instanceof Promise ? answer.then(end) : end(answer)
      },
      'ui.resize': (number, height) => this.#mounts.get(number)?.mount.onResize(height),
    }
  }

  #sendEvent(cursor: string, event: LifecycleEvent, to: readonly number[]): void {
    const { domains, meter, usePermission } = this.#services
    if (!maySeeEvent(domains, event, this.#granted)) return
    meter.events++
    const permission = findEvent(domains, event.event_type)?.permission
    if (permission) usePermission(permission)
    this.#events.push({ cursor, event, to })
  }

  #save(value: unknown, mount: number | undefined, cursor: string | undefined): void {
    const second = Math.floor(performance.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#savesOfSecond = 0
    }
    if (++this.#savesOfSecond > savesPerSecond) {
      throw new MortiseError('RATE_LIMITED', `A plugin may save ${savesPerSecond} times a second.`)
    }
    if (mount === undefined) this.#services.memory.save(value, cursor, this.#subscriptions.types)
    else this.#mounts.get(mount)?.mount.onSave(value)
  }

  #ready(widgets: readonly string[]): void {
    if (this.#state !== 'starting') return
    this.#state = 'ready'
    clearTimeout(this.#loadTimer)
    this.#services.onDidLoad()
    this.#widgets = new Set(widgets)
    this.#sendMounts([...this.#mounts])
    const { heartbeat, misses } = this.#services.timing
    this.#heartbeat.start(heartbeat, misses)
  }

  #sendMounts(entries: readonly (readonly [number, MountEntry])[]): void {
    const mounts = entries.flatMap(([number, entry]) => this.#order(number, entry) ?? [])
    if (mounts.length > 0) this.#send({ type: 'mount', mounts })
  }

  /** What the guest is told of a mount, `undefined` for a widget that it does not have. */
  #order(number: number, entry: MountEntry): MountOrder | undefined {
    const { widget, slot, context, state } = entry.mount
    const { displayName } = this.#record
    if (!this.#widgets.has(widget)) {
      const message = `${displayName} announces the widget '${widget}' but does not export it.`
      this.#failMount(number, failure('REMOTE_INVALID', message))
      return undefined
    }
    entry.timer = setTimeout(() => {
      const message = `${displayName} did not draw its widget within ${seconds(this.#services.timing.mount)}.`
      this.#failMount(number, failure('PLUGIN_TIMEOUT', message))
    }, this.#services.timing.mount)
    return { mount: number, widget, slot, context, state }
  }

  #failMount(number: number, error: ErrorRecord): void {
    const entry = this.#mounts.get(number)
    if (!entry) return
    this.removeMount(number)
    entry.mount.onFailed(error)
  }

  async #loadTimedOut(entryUrl: string): Promise<void> {
    const { displayName } = this.#record
    const message = `${displayName} did not load within ${seconds(this.#services.timing.load)}.`
    const found = await probeEntry(entryUrl, displayName)
    // It had its time: another attempt would only take as long again.
    this.#fail({ ...(found ?? failure('REMOTE_TIMEOUT', message)), retryable: false })
  }

  async #loadFailed(error: { code: string; name: string; message: string }): Promise<void> {
    if (this.#state !== 'starting') return
    clearTimeout(this.#loadTimer)
    const { displayName, ui } = this.#record
    if (error.code === 'REMOTE_UNREACHABLE' && ui) {
      const found = await probeEntry(ui.entryUrl, displayName)
      const message = `A file that ${displayName} imports could not be loaded as JavaScript.`
      // The entry is there now: it, or the file it imports, may have been away for a moment only.
      this.#fail(found ?? { ...failure('PLUGIN_LOAD_FAILED', message), retryable: true })
    } else if (error.code === 'REMOTE_INVALID') {
      this.#fail(failure('REMOTE_INVALID', error.message))
    } else {
      this.#services.memory.forget()
      this.#fail(this.#words(error, 'PLUGIN_LOAD_FAILED', 'threw while loading'))
    }
  }

  /** The plugin's own words, marked as its own. */
  #words(error: { name: string; message: string }, code: ErrorCode, what: string): ErrorRecord {
    return failure(code, `${this.#record.displayName} ${what}: ${error.name}: ${error.message}`)
  }

  #fail(error: ErrorRecord): void {
    if (this.#state === 'ended') return
    const mounts = [...this.#mounts.values()]
    const starting = this.#state === 'starting'
    this.#end(0)
    if (starting && this.#services.onDidNotLoad(error)) return
    for (const { mount } of mounts) mount.onFailed(error)
  }

  #misbehaved(misconduct: Misconduct): void {
    if (this.#state === 'ended') return
    this.#end(0)
    this.#services.onDidMisbehave(misconduct)
  }

  #end(delayMs: number): void {
    this.#state = 'ended'
    this.#painted()
    clearTimeout(this.#loadTimer)
    this.#heartbeat.stop()
    for (const { timer } of this.#mounts.values()) clearTimeout(timer)
    this.#mounts.clear()
    this.#bridge.close()
    // Out of sight at once: a successor may take its place before it is gone.
    this.#sandbox.element.style.display = 'none'
    if (delayMs > 0) setTimeout(() => this.#sandbox.close(), delayMs)
    else this.#sandbox.close()
    this.#services.onDidEnd()
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
