import type { DomainDefinition, PluginRecord } from '@mortise/contract'
import type { Actor } from './config.ts'
import type { Origins } from './origins.ts'
import { showPluginTo } from './people/show-plugin.ts'
import { toPluginRecord } from './plugin-record.ts'
import { type InstalledPlugin, type PluginStore, pluginNotFound } from './plugin-store.ts'

export interface PluginRecordsOptions {
  readonly store: PluginStore
  readonly domains: readonly DomainDefinition[]
  readonly now: () => Date
  /** Known once the server listens. */
  origins(): Origins
  /** Milliseconds until the sandbox of a plugin may start again; 0 where nothing holds it back. */
  restartsInMs(id: string): number
}

/** What is kept of one plugin as it was read. */
interface Kept {
  readonly origins: Origins
  /** When its sandbox may start again, where it is held back. */
  readonly restartsAt: Date | undefined
  readonly record: PluginRecord
  /** As JSON, for administrators and for everybody else; empty for whom it is not there. */
  readonly texts: Map<boolean, string>
}

/** Plugins as the API shows them. A record is made, and printed, once for each change of its plugin. */
export class PluginRecords {
  readonly #options: PluginRecordsOptions
  /** The store makes a new object of a plugin with each change. */
  readonly #kept = new WeakMap<InstalledPlugin, Kept>()

  constructor(options: PluginRecordsOptions) {
    this.#options = options
  }

  /** @throws `PLUGIN_NOT_FOUND`. */
  get(id: string): PluginRecord {
    return this.#read(this.#options.store.get(id)).record
  }

  /** @throws `PLUGIN_NOT_FOUND`, also for one that the person is not told of. */
  getFor(actor: Actor, id: string): PluginRecord {
    const record = showPluginTo(actor, this.get(id))
    if (!record) throw pluginNotFound(id)
    return record
  }

  /** What a person is told of all plugins, as JSON. */
  printFor(actor: Actor): string {
    const texts = this.#options.store.list().map((plugin) => this.#print(plugin, actor))
    const shown = texts.filter((text) => text !== '')
    return `{"plugins":[${shown.join(',')}],"total":${shown.length}}`
  }

  #print(plugin: InstalledPlugin, actor: Actor): string {
    const { record, texts } = this.#read(plugin)
    const isAdmin = actor.role === 'admin'
    const known = texts.get(isAdmin)
    if (known !== undefined) return known
    const shown = showPluginTo(actor, record)
    const text = shown ? JSON.stringify(shown) : ''
    texts.set(isAdmin, text)
    return text
  }

  #read(plugin: InstalledPlugin): Kept {
    const { domains, now, restartsInMs } = this.#options
    const origins = this.#options.origins()
    const waitMs = restartsInMs(plugin.id)
    const restartsAt = waitMs > 0 ? new Date(now().getTime() + waitMs) : undefined
    const known = this.#kept.get(plugin)
    if (known?.origins === origins && isSameTime(known.restartsAt, restartsAt)) return known
    const record = toPluginRecord(plugin, domains, origins, restartsAt)
    const kept: Kept = { origins, restartsAt, record, texts: new Map() }
    this.#kept.set(plugin, kept)
    return kept
  }
}

/**
 * Whether both are the end of one wait. What is left of it and what time it is are of two clocks, so their sum
 * differs by a moment each time; the next wait ends a second later or more.
 */
function isSameTime(one: Date | undefined, other: Date | undefined): boolean {
  if (!one || !other) return one === other
  return Math.abs(one.getTime() - other.getTime()) < 500
}
