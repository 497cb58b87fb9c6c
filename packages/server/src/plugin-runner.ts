import {
  type ErrorRecord,
  type GuestWork,
  isMortiseError,
  MortiseError,
  toErrorRecord,
} from '@mortise/contract'
import {
  createRunnerPool,
  type LoadedPlugin,
  type PluginUsage,
  type RunnerPool,
  type SandboxObserver,
} from '@mortise/isolate'
import type { Logger } from 'pino'
import { checkDeclared } from './check-declared.ts'
import type { PluginLogs } from './log.ts'
import { grantedHosts, grantedPermissions, mayRun } from './plugin-record.ts'
import type { InstalledPlugin, PluginStore } from './plugin-store.ts'

/** What the runner tells the manager. */
export interface RunnerEvents {
  /** The plugin loaded: what it listens to. */
  loaded(id: string, handlers: readonly string[], subscriptions: readonly string[]): Promise<void>
  /** The plugin did not load. */
  failed(id: string, error: ErrorRecord): Promise<void>
  /** The plugin may be asked again after its sandbox was held back. */
  ready(id: string): void
  /** The sandbox of the plugin ended by the plugin's own fault. */
  struck(id: string, error: ErrorRecord): Promise<void>
}

export interface PluginRunnerOptions {
  readonly store: PluginStore
  /** Lines of the sandboxes themselves go here. */
  readonly log: Logger
  readonly logs: PluginLogs
  readonly shim: string
  readonly allowPrivateHosts: readonly string[]
  readonly now: () => Date
  readonly events: RunnerEvents
  /** What is done around the work of sandboxes. */
  readonly around: SandboxObserver
  readonly restartWaitsMs: readonly number[] | undefined
  hostCall(plugin: string, method: string, args: readonly unknown[]): Promise<unknown>
}

/** How long a plugin may say goodbye, in milliseconds. */
const unloadMs = 2000
/** How often a plugin is started anew where others take its process down meanwhile. */
const startTries = 5

/** Why a plugin starts or stops, and what it is told besides `onLoad` and `onUnload`. */
export type Occasion = 'startup' | 'shutdown' | 'enable' | 'disable'
const occasionHandlers = {
  startup: 'onStartup',
  shutdown: 'onShutdown',
  enable: 'onEnable',
  disable: 'onDisable',
} as const

/** The server half of the plugins that run: one isolate each. */
export class PluginRunner {
  readonly #options: PluginRunnerOptions
  /** Plugins whose code is loaded, those whose `onLoad` is not done yet included. */
  readonly #loaded = new Map<string, LoadedPlugin>()
  /** Plugins that take events. */
  readonly #running = new Map<string, LoadedPlugin>()
  readonly #pool: RunnerPool
  #closed = false

  constructor(options: PluginRunnerOptions) {
    this.#options = options
    const { log, logs, now, allowPrivateHosts, around, restartWaitsMs } = options
    this.#pool = createRunnerPool({
      children: 2,
      allowPrivateHosts: [...allowPrivateHosts],
      ...around,
      ...(restartWaitsMs && { restartWaitsMs }),
      log({ plugin, level, message, data }) {
        if (plugin === undefined) log[level]({ data }, message)
        else logs.write(plugin, level, message, data, now())
      },
    })
  }

  isRunning(id: string): boolean {
    return this.#running.has(id)
  }

  /** Whether the plugin runs and its sandbox is not held back. What can wait, waits while it is. */
  isReady(id: string): boolean {
    return this.#running.get(id)?.restartsInMs === 0
  }

  /** Milliseconds until the sandbox of the plugin may start again; 0 where nothing holds it back. */
  restartsInMs(id: string): number {
    return this.#running.get(id)?.restartsInMs ?? 0
  }

  /** Ids of the plugins that run now. */
  get running(): readonly string[] {
    return [...this.#running.keys()]
  }

  /** What the plugins that run have used. */
  usage(): Promise<PluginUsage[]> {
    return this.#pool.usage()
  }

  /** Starts, changes or stops the plugin so that it is as its record says. */
  async follow(id: string, occasion?: Occasion): Promise<void> {
    const { store } = this.#options
    const plugin = store.find(id)
    if (!plugin || this.#closed || plugin.entries.main === undefined || !mayRun(plugin)) {
      await this.stop(id, occasion)
      return
    }
    // A person who enables it does not wait.
    if (occasion === 'enable' && this.restartsInMs(id) > 0) await this.stop(id)
    const loaded = this.#running.get(id)
    if (loaded) await loaded.update({ config: plugin.config, allowedHosts: grantedHosts(plugin) })
    else await this.#start(plugin, plugin.entries.main, occasion)
  }

  /**
   * Tells a plugin its new configuration without waiting for it: where the
   * plugin changed it itself, it is in the middle of a call.
   */
  tell(id: string, config: Record<string, unknown>): void {
    this.#loaded
      .get(id)
      ?.update({ config })
      .catch((thrown) =>
        this.#write(id, 'warn', `The configuration did not arrive: ${toErrorRecord(thrown).message}`),
      )
  }

  /** Runs the plugin's `onUnload` and ends its isolate. */
  async stop(id: string, occasion?: Occasion): Promise<void> {
    const loaded = this.#running.get(id)
    if (!loaded) return
    this.#running.delete(id)
    this.#loaded.delete(id)
    try {
      await Promise.race([
        this.#tellOccasion(loaded, occasion).then(() => loaded.call('onUnload', [])),
        new Promise((resolve) => setTimeout(resolve, unloadMs).unref()),
      ])
    } catch (thrown) {
      this.#write(id, 'warn', `onUnload failed: ${toErrorRecord(thrown).message}`)
    } finally {
      await loaded.dispose()
    }
  }

  /**
   * Hands one event to the plugin. `undefined` means that it takes none now.
   *
   * @throws Errors of the isolate.
   */
  deliver(id: string, event: unknown): Promise<void> | undefined {
    const loaded = this.#running.get(id)
    return loaded && loaded.restartsInMs === 0 ? this.#deliver(loaded, event) : undefined
  }

  /**
   * Has the plugin do a job or carry out a command.
   *
   * @throws `PLUGIN_NOT_RUNNING`, and errors of the isolate.
   */
  async work(id: string, what: GuestWork, name: string, args: readonly unknown[]): Promise<unknown> {
    const loaded = this.#running.get(id)
    if (!loaded) throw new MortiseError('PLUGIN_NOT_RUNNING', `${id} does not run now.`)
    return loaded.work(what, name, args)
  }

  async #deliver(loaded: LoadedPlugin, event: unknown): Promise<void> {
    const lists = () => JSON.stringify([loaded.handlers, loaded.subscriptions])
    const before = lists()
    await loaded.deliver(event)
    // A plugin may start to listen at any time.
    if (lists() !== before)
      await this.#options.events.loaded(loaded.id, loaded.handlers, loaded.subscriptions)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.running.map((id) => this.stop(id, 'shutdown')))
    await this.#pool.close()
  }

  /** Plugins that take events now. */
  get loaded(): readonly LoadedPlugin[] {
    return [...this.#running.values()]
  }

  /** The plugin, to ask it something. @throws `PLUGIN_NOT_RUNNING`. */
  get(id: string): LoadedPlugin {
    const loaded = this.#running.get(id)
    if (!loaded) throw new MortiseError('PLUGIN_NOT_RUNNING', `${id} does not run.`)
    return loaded
  }

  async #tellOccasion(loaded: LoadedPlugin, occasion: Occasion | undefined): Promise<void> {
    if (!occasion) return
    const handler = occasionHandlers[occasion]
    await loaded
      .call(handler, [])
      .catch((thrown) =>
        this.#write(loaded.id, 'warn', `${handler} failed: ${toErrorRecord(thrown).message}`),
      )
  }

  async #start(plugin: InstalledPlugin, entry: string, occasion: Occasion | undefined): Promise<void> {
    const { id } = plugin
    let loaded: LoadedPlugin | undefined
    for (let tries = 1; !loaded; tries++) {
      try {
        loaded = await this.#load(plugin, entry, occasion)
      } catch (thrown) {
        // Another plugin took the process down in which this one was about to start.
        if (isForeignCrash(thrown) && tries < startTries && !this.#closed) continue
        const error = toErrorRecord(thrown)
        this.#write(id, 'error', `The plugin could not be started: ${error.message}`, error.data)
        await this.#options.events.failed(id, error)
        return
      }
    }
    this.#running.set(id, loaded)
    if (loaded.filters.length > 0 && !grantedPermissions(plugin).has('filter:events')) {
      this.#write(id, 'warn', 'Its filters are not asked: it was not granted filter:events.')
    }
    await this.#options.events.loaded(id, loaded.handlers, loaded.subscriptions)
  }

  /** Loads the code and runs `onLoad`, all or nothing. */
  async #load(plugin: InstalledPlugin, entry: string, occasion: Occasion | undefined): Promise<LoadedPlugin> {
    const { id, version, raw, config } = plugin
    const { store, shim, events, hostCall } = this.#options
    let loaded: LoadedPlugin | undefined
    try {
      loaded = await this.#pool.load({
        id,
        version,
        entry,
        files: await store.readSources(plugin),
        readMap: (path) => store.readMap(plugin, path),
        manifest: raw,
        config,
        shim,
        allowedHosts: grantedHosts(plugin),
        hostCall: (method, args) => hostCall(id, method, args),
      })
      checkDeclared(loaded, plugin.manifest)
      this.#loaded.set(id, loaded)
      await loaded.call('onLoad', [])
      // From here on it counts; a plugin that does not get as far as this has failed to start.
      loaded.onDidCrash((reason) => {
        this.#write(id, 'error', `The plugin was stopped: ${reason.message}`)
        events.struck(id, reason).catch(() => {})
      })
      loaded.onDidWait(() => events.ready(id))
      await this.#tellOccasion(loaded, occasion)
      return loaded
    } catch (thrown) {
      this.#loaded.delete(id)
      await loaded?.dispose()
      throw thrown
    }
  }

  #write(id: string, level: 'warn' | 'error', message: string, data?: unknown): void {
    this.#options.logs.write(id, level, message, data, this.#options.now())
  }
}

function isForeignCrash(thrown: unknown): boolean {
  return isMortiseError(thrown) && thrown.code === 'PLUGIN_CRASHED' && thrown.source === 'server'
}
