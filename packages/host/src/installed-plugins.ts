import type { DomainDefinition, PluginRecord } from '@mortise/contract'
import type { StoreApi } from 'zustand/vanilla'
import type { Backend } from './backend.ts'
import { listSlotWidgets } from './plugin-records.ts'
import type { HostState, SlotWidget } from './types.ts'

export interface InstalledPluginsOptions {
  readonly store: StoreApi<HostState>
  readonly backend: Backend
  readonly domains: readonly DomainDefinition[]
  /** Told of each plugin that came, changed or went. */
  readonly onDidChange: (before: PluginRecord | undefined, after: PluginRecord | undefined) => void
}

/** What the page knows of the installed plugins, read from the backend. A record that says the same stays the same object. */
export class InstalledPlugins {
  readonly #options: InstalledPluginsOptions
  #turn = 0
  /** The newest reading that was taken, of the list and of single plugins. */
  #listTurn = 0
  readonly #turns = new Map<string, number>()
  readonly #slots = new Map<string, { plugins: readonly PluginRecord[]; widgets: readonly SlotWidget[] }>()

  constructor(options: InstalledPluginsOptions) {
    this.#options = options
  }

  get #all(): readonly PluginRecord[] {
    return this.#options.store.getState().plugins
  }

  find(id: string): PluginRecord | undefined {
    return this.#all.find((record) => record.id === id)
  }

  widgetsOf(slot: string): readonly SlotWidget[] {
    const plugins = this.#all
    const known = this.#slots.get(slot)
    if (known?.plugins === plugins) return known.widgets
    const widgets = listSlotWidgets(plugins, slot, this.#options.domains, known?.widgets ?? [])
    this.#slots.set(slot, { plugins, widgets })
    return widgets
  }

  /** @param id - All plugins where left out. */
  async refresh(id?: string): Promise<void> {
    const turn = ++this.#turn
    const { backend } = this.#options
    if (id === undefined) this.#takeAll(turn, await backend.plugins())
    else this.#take(turn, id, await backend.plugin(id))
  }

  // A later reading may have been answered first; the older one is stale then.

  #take(turn: number, id: string, record: PluginRecord | undefined): void {
    if (turn < this.#turnOf(id)) return
    this.#turns.set(id, turn)
    this.set(id, record)
  }

  #takeAll(turn: number, read: readonly PluginRecord[]): void {
    if (turn < this.#listTurn) return
    this.#listTurn = turn
    const isStale = ({ id }: PluginRecord) => turn < this.#turnOf(id)
    this.#setAll([...read.filter((record) => !isStale(record)), ...this.#all.filter(isStale)])
  }

  #turnOf(id: string): number {
    return Math.max(this.#listTurn, this.#turns.get(id) ?? 0)
  }

  /** @param record - `undefined` where the plugin is gone. */
  set(id: string, record: PluginRecord | undefined): void {
    const plugins = this.#all
    if (!record) this.#setAll(plugins.filter((plugin) => plugin.id !== id))
    else if (this.find(id)) this.#setAll(plugins.map((plugin) => (plugin.id === id ? record : plugin)))
    else this.#setAll([...plugins, record])
  }

  #setAll(next: readonly PluginRecord[]): void {
    const before = this.#all
    const plugins = next.map((record) => {
      const known = this.find(record.id)
      return known && JSON.stringify(known) === JSON.stringify(record) ? known : record
    })
    const same =
      plugins.length === before.length && plugins.every((record, index) => record === before[index])
    if (same) return
    this.#options.store.setState({ plugins })
    const ids = new Set([...before, ...plugins].map(({ id }) => id))
    for (const id of ids) {
      const was = before.find((record) => record.id === id)
      const is = plugins.find((record) => record.id === id)
      if (was !== is) this.#options.onDidChange(was, is)
    }
  }
}
