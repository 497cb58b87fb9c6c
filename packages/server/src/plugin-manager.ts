import {
  type DomainDefinition,
  type ErrorRecord,
  handlerName,
  type LifecycleEvent,
  MortiseError,
  matchesEventType,
  maySeeEvent,
  type PluginRecord,
  type PublishedEvent,
  toErrorRecord,
} from '@mortise/contract'
import type { Actor } from './config.ts'
import { orderKeyOf, type Receiver } from './deliveries/receivers.ts'
import type { PluginLogs } from './log.ts'
import { type Config, listSecrets, requireValid, uncoverSecrets } from './plugin-config.ts'
import { pluginEvent } from './plugin-event.ts'
import type { PluginPackage } from './plugin-package.ts'
import { grantedPermissions, mayRun } from './plugin-record.ts'
import type { PluginRecords } from './plugin-records.ts'
import type { Occasion, PluginRunner } from './plugin-runner.ts'
import type { InstalledPlugin, PluginStore } from './plugin-store.ts'
import { forgetPrevious, keepPrevious, restorePrevious } from './previous-release.ts'
import { Quarantine } from './quarantine.ts'
import { afterFailedStart, afterStrike, halfOpen, healthy, type PluginChange } from './strikes.ts'
import type { Transact } from './transact.ts'
import { writeConfig } from './write-config.ts'
import { type Decisions, writeDecisions } from './write-decisions.ts'
import { writePlugin } from './write-plugin.ts'

export interface PluginManagerOptions {
  readonly store: PluginStore
  readonly records: PluginRecords
  readonly runner: PluginRunner
  readonly transact: Transact
  readonly domains: readonly DomainDefinition[]
  readonly logs: PluginLogs
  readonly now: () => Date
  /** What the operator lets run at all. */
  isAllowed(id: string): boolean
  /** Told of each strike. */
  didStrike(id: string, code: string): void
  /** Told of each plugin whose record changed, before its code follows. */
  didChange(id: string): void
  /** Told of each plugin that was removed, to remove what was kept for it elsewhere. */
  didUninstall(id: string): Promise<void>
  /** Milliseconds of each quarantine in a row. */
  readonly quarantineMs: readonly number[]
}

/** Everything an administrator does to plugins. Changes of one plugin run one after the other. */
export class PluginManager {
  readonly #options: PluginManagerOptions
  readonly #turns = new Map<string, Promise<unknown>>()
  readonly #quarantine: Quarantine

  constructor(options: PluginManagerOptions) {
    this.#options = options
    this.#quarantine = new Quarantine({
      waitsMs: options.quarantineMs,
      now: options.now,
      retry: (id) => void this.#retry(id),
    })
  }

  /** Starts what is enabled. A plugin that fails does not hold up the others. */
  async start(): Promise<void> {
    for (const { id } of this.#options.store.list()) this.protectSecrets(id)
    await Promise.all(
      this.#options.store.list().map(({ id }) => this.#inTurn(id, () => this.#follow(id, 'startup'))),
    )
  }

  /** Ends what waits. Nothing is tried again afterwards. */
  close(): void {
    this.#quarantine.close()
  }

  /** What a plugin was granted now. @throws `PLUGIN_NOT_FOUND`, `PLUGIN_NOT_RUNNING`. */
  grantsOf(id: string): ReadonlySet<string> {
    const plugin = this.#options.store.get(id)
    if (!mayRun(plugin)) {
      throw new MortiseError(
        'PLUGIN_NOT_RUNNING',
        `The plugin '${id}' may not run now, so it may not call either.`,
      )
    }
    return grantedPermissions(plugin)
  }

  /** The plugins that an event is delivered to. */
  receiversOf(event: LifecycleEvent): Receiver[] {
    return this.#options.store
      .list()
      .flatMap((plugin) => (mayRun(plugin) ? (this.receiverOf(plugin.id, event) ?? []) : []))
  }

  /** The plugin as it receives an event once it runs, `undefined` where it does not listen or may not see it. */
  receiverOf(id: string, event: LifecycleEvent): Receiver | undefined {
    const plugin = this.#options.store.find(id)
    if (!plugin || !isSubscribed(plugin, event.event_type) || !this.maySee(id, event)) return undefined
    return { id, orderKey: orderKeyOf(plugin.manifest.deliveries?.orderBy, event) }
  }

  /** Whether a plugin runs with this permission. */
  isGranted(id: string, permission: string): boolean {
    const plugin = this.#options.store.find(id)
    return plugin !== undefined && mayRun(plugin) && grantedPermissions(plugin).has(permission)
  }

  /** Whether a plugin may run and see an event now. */
  mayFollow(id: string, event: Pick<LifecycleEvent, 'event_type'>): boolean {
    const plugin = this.#options.store.find(id)
    return plugin !== undefined && mayRun(plugin) && this.maySee(id, event)
  }

  /** Whether a plugin may see an event, by what it was granted. */
  maySee(id: string, event: Pick<LifecycleEvent, 'event_type'>): boolean {
    const plugin = this.#options.store.find(id)
    if (!plugin) return false
    return maySeeEvent(this.#options.domains, event, grantedPermissions(plugin))
  }

  /**
   * Stores a package. Nothing of it runs before its permissions are decided.
   *
   * @throws `PLUGIN_ALREADY_INSTALLED` for the version that is there already.
   */
  install(plugin: PluginPackage, source: string, actor: Actor): Promise<PluginRecord> {
    const { name: id, version } = plugin.manifest
    return this.#inTurn(id, async () => {
      const { store, transact, now } = this.#options
      const before = store.find(id)
      if (before?.version === version) {
        throw new MortiseError('PLUGIN_ALREADY_INSTALLED', `${id} ${version} is installed already.`)
      }
      const kept = before?.previous?.version
      // Its files are about to be replaced by those of the package.
      if (kept === version) await transact((transaction) => forgetPrevious(transaction, id))
      await store.writeFiles(plugin)
      try {
        await transact(async (transaction, emit) => {
          if (before) await keepPrevious(transaction, before)
          await writePlugin(transaction, plugin, before, {
            secrets: store.secrets,
            source,
            actor,
            now: now(),
          })
          emit(pluginEvent(before ? 'plugin.updated' : 'plugin.installed', id, actor, { version }))
        })
      } catch (thrown) {
        await store.removeFiles(id, version)
        throw thrown
      }
      await this.#options.runner.stop(id)
      await store.reload(id)
      if (kept !== undefined && kept !== version) await store.removeFiles(id, kept)
      this.protectSecrets(id)
      await this.#follow(id)
      return this.#options.records.get(id)
    })
  }

  /**
   * Goes back to the version before. Doing it twice is the way forward again.
   *
   * @throws `PLUGIN_NO_PREVIOUS`.
   */
  rollback(id: string, actor: Actor): Promise<PluginRecord> {
    return this.#inTurn(id, async () => {
      const { store, runner, transact, now } = this.#options
      const plugin = store.get(id)
      await transact(async (transaction, emit) => {
        const { version } = await restorePrevious(transaction, plugin, store.secrets, {
          by: actor.id,
          at: now().toISOString(),
        })
        emit(pluginEvent('plugin.updated', id, actor, { version, rolledBackFrom: plugin.version }))
      })
      await runner.stop(id)
      await store.reload(id)
      this.protectSecrets(id)
      await this.#follow(id)
      return this.#options.records.get(id)
    })
  }

  /** @throws `PLUGIN_APPROVAL_REQUIRED`, `PLUGIN_CONFIG_INVALID`. */
  enable(id: string, actor: Actor): Promise<PluginRecord> {
    return this.#inTurn(id, async () => {
      const plugin = this.#options.store.get(id)
      const pending = plugin.grants.filter(({ decision }) => decision === 'pending').map(({ name }) => name)
      if (pending.length > 0) {
        throw new MortiseError(
          'PLUGIN_APPROVAL_REQUIRED',
          `${id} cannot be enabled before somebody decides on: ${pending.join(', ')}.`,
          { data: { pending } },
        )
      }
      if (!this.#options.isAllowed(id)) {
        throw new MortiseError(
          'FORBIDDEN',
          `${id} cannot be enabled: the operator of this server does not list it in PLUGINS_ALLOWLIST.`,
        )
      }
      requireValid({ config: plugin.config, issues: plugin.configIssues })
      await this.#change(id, { enabled: 1, ...healthy }, [pluginEvent('plugin.enabled', id, actor)])
      await this.#follow(id, 'enable')
      return this.#options.records.get(id)
    })
  }

  disable(id: string, actor: Actor): Promise<PluginRecord> {
    return this.#inTurn(id, async () => {
      this.#options.store.get(id)
      await this.#change(id, { enabled: 0, last_error: null }, [pluginEvent('plugin.disabled', id, actor)])
      await this.#follow(id, 'disable')
      return this.#options.records.get(id)
    })
  }

  /**
   * Decides on permissions and hosts. Names left out keep their decision.
   *
   * @throws `INPUT_INVALID` for a name the plugin does not ask for.
   */
  grant(id: string, decisions: Decisions, actor: Actor): Promise<PluginRecord> {
    return this.#inTurn(id, async () => {
      const { store } = this.#options
      await writeDecisions(this.#options, store.get(id), decisions, actor)
      await store.reload(id)
      await this.#follow(id)
      return this.#options.records.get(id)
    })
  }

  /**
   * Saves a configuration, whole or not at all.
   *
   * @param approveHosts - Hosts named in it that the person approves with it.
   * @throws `PLUGIN_CONFIG_INVALID` with issues; `PLUGIN_HOST_APPROVAL_REQUIRED` with `data.hosts`.
   */
  configure(
    id: string,
    values: Config,
    approveHosts: readonly string[],
    actor: Actor,
  ): Promise<PluginRecord> {
    return this.#inTurn(id, async () => {
      await this.#saveConfig(id, (before) => uncoverSecrets(values, before), approveHosts, actor)
      await this.#follow(id)
      return this.#options.records.get(id)
    })
  }

  /**
   * Changes one value for the plugin itself. It cannot approve a host: the new
   * value may name known hosts only. It does not wait for its turn, because the
   * plugin may be in the middle of being started by the change whose turn it is.
   */
  async setConfigValue(id: string, key: string, value: unknown, actor: Actor): Promise<void> {
    await this.#saveConfig(id, (before) => ({ ...before, [key]: value }), [], actor)
    this.#options.runner.tell(id, this.#options.store.get(id).config)
  }

  /** Removes the plugin with all it kept. */
  uninstall(id: string, actor: Actor): Promise<void> {
    return this.#inTurn(id, async () => {
      const { store, runner, transact, logs } = this.#options
      store.get(id)
      await runner.stop(id)
      await transact(async (transaction, emit) => {
        await transaction.deleteFrom('mortise_delivery').where('plugin', '=', id).execute()
        await transaction.deleteFrom('mortise_plugin').where('id', '=', id).execute()
        emit(pluginEvent('plugin.uninstalled', id, actor))
      })
      await store.reload(id)
      this.#quarantine.follow(id, null)
      await store.removeFiles(id)
      logs.forget(id)
      await this.#options.didUninstall(id)
    })
  }

  /** Keeps what a plugin listens to, so that events are kept for it while it is not loaded. */
  async didLoad(id: string, handlers: readonly string[], subscriptions: readonly string[]): Promise<void> {
    await this.#change(id, {
      handlers: JSON.stringify(handlers),
      subscriptions: JSON.stringify(subscriptions),
      last_error: null,
    })
  }

  /** Notes why a plugin did not start. */
  async didFail(id: string, thrown: ErrorRecord): Promise<void> {
    const error = this.withoutSecrets(id, thrown)
    const down = afterFailedStart(this.#options.store.find(id), this.#retryAt)
    await this.#change(id, { last_error: JSON.stringify(error), ...down }, [
      pluginEvent('plugin.failed', id, system, { code: error.code, message: error.message }),
    ])
  }

  /**
   * Counts a strike; after too many the plugin stays down.
   *
   * @param atLeast - Strikes as counted elsewhere, where a success of another kind does not undo them.
   */
  async didStrike(id: string, thrown: ErrorRecord, atLeast = 0): Promise<void> {
    const error = this.withoutSecrets(id, thrown)
    const plugin = this.#options.store.find(id)
    if (!plugin) return
    this.#options.didStrike(id, error.code)
    const change = afterStrike(plugin, atLeast, this.#retryAt)
    await this.#change(id, { last_error: JSON.stringify(error), ...change }, [
      pluginEvent('plugin.failed', id, system, { code: error.code, message: error.message }),
    ])
    if (change.quarantined === 1) await this.#inTurn(id, () => this.#follow(id))
  }

  /** Forgets the strikes of a plugin that works again. */
  async didRecover(id: string): Promise<void> {
    const plugin = this.#options.store.find(id)
    if (!plugin || plugin.quarantined || (plugin.strikes === 0 && !plugin.lastError)) return
    await this.#change(id, healthy, [pluginEvent('plugin.updated', id, system)])
  }

  readonly #retryAt = (times: number): number => this.#quarantine.retryAt(times)

  /** Lets a plugin run whose quarantine is over. */
  #retry(id: string): Promise<void> {
    return this.#inTurn(id, async () => {
      if (!this.#options.store.find(id)?.quarantined) return
      await this.#change(id, halfOpen, [pluginEvent('plugin.updated', id, system)])
      await this.#follow(id)
    }).catch((thrown) => {
      const { message } = this.withoutSecrets(id, toErrorRecord(thrown))
      this.#options.logs.write(
        id,
        'error',
        `It could not be tried again: ${message}`,
        undefined,
        this.#options.now(),
      )
    })
  }

  /** Keeps what is secret now out of the plugin's log. */
  protectSecrets(id: string): void {
    const { manifest, config, secrets } = this.#options.store.get(id)
    const own = [...secrets.values()].map(({ value }) => value)
    this.#options.logs.setSecrets(id, listSecrets(manifest.configSchema, config, own))
  }

  /** Checks and stores a configuration. Saves of one plugin run one after the other. */
  #saveConfig(
    id: string,
    change: (before: Config) => Config,
    approveHosts: readonly string[],
    actor: Actor,
  ): Promise<void> {
    return this.#inTurn(`${id} config`, async () => {
      const { store } = this.#options
      await writeConfig(this.#options, store.get(id), change, { approveHosts, actor })
      await store.reload(id)
      this.protectSecrets(id)
    })
  }

  async #change(id: string, change: PluginChange, events: readonly PublishedEvent[] = []): Promise<void> {
    const { store, transact } = this.#options
    await transact(async (transaction, emit) => {
      await store.update(transaction, id, change)
      for (const event of events) emit(event)
    })
    await store.reload(id)
  }

  async #follow(id: string, occasion?: Occasion): Promise<void> {
    this.#options.didChange(id)
    await this.#options.runner.follow(id, occasion)
    // Read afterwards: a start that failed may have put the plugin back into quarantine.
    const plugin = this.#options.store.find(id)
    this.#quarantine.follow(id, plugin?.quarantined ? (plugin.retryAt ?? 0) : null)
  }

  /** An error that may be shown. */
  withoutSecrets(id: string, error: ErrorRecord): ErrorRecord {
    const { code, name, message, retryable } = error
    return this.#options.logs.scrub(id, error) ?? { code, name, message: message.slice(0, 200), retryable }
  }

  async #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(work, work)
    this.#turns.set(id, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id)
    }
  }
}

const system: Actor = { id: 'mortise', name: 'Mortise', role: 'admin' }

function isSubscribed({ handlers, subscriptions }: InstalledPlugin, eventType: string): boolean {
  if (handlers.includes(handlerName(eventType))) return true
  return subscriptions.some((subscription) => matchesEventType(subscription, eventType))
}
