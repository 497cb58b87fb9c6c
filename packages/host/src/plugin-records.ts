import type { DomainDefinition, PluginRecord } from '@mortise/contract'
import type { SlotWidget } from './types.ts'

/** Whether the UI of a plugin may run now. */
export function mayRun(record: PluginRecord): boolean {
  return record.enabled && record.status === 'active' && record.ui !== undefined
}

/**
 * Whether a running sandbox still fits its plugin. Files and policy are fixed when
 * a sandbox is opened: another version, address or approved host needs a new one.
 */
export function sameSandbox(before: PluginRecord, after: PluginRecord): boolean {
  const fixed = ({ version, ui, hosts }: PluginRecord) => JSON.stringify([version, ui, hosts])
  return mayRun(before) === mayRun(after) && fixed(before) === fixed(after)
}

/** Widgets for a slot in paint order. An entry of `known` is kept where its plugin did not change. */
export function listSlotWidgets(
  plugins: readonly PluginRecord[],
  slot: string,
  domains: readonly DomainDefinition[],
  known: readonly SlotWidget[],
): readonly SlotWidget[] {
  const widgets: SlotWidget[] = []
  for (const plugin of plugins) {
    if (!plugin.ui || !mayRun(plugin)) continue
    for (const widget of plugin.ui.widgets) {
      if (widget.slot !== slot) continue
      const key = `${plugin.id}:${widget.id}`
      const same = known.find((entry) => entry.key === key && entry.plugin === plugin)
      widgets.push(same ?? { key, plugin, widget, surface: plugin.ui.surface })
    }
  }
  widgets.sort(
    (a, b) => a.widget.order - b.widget.order || compare(a.plugin.id, b.plugin.id) || compare(a.key, b.key),
  )
  const definition = domains.find((domain) => Object.hasOwn(domain.slots, slot))?.slots[slot]
  const shown = definition?.cardinality === 'one' ? widgets.slice(0, 1) : widgets
  const unchanged = shown.length === known.length && shown.every((entry, index) => entry === known[index])
  return unchanged ? known : shown
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Names of the permissions granted to a plugin. */
export function grantsOf(record: PluginRecord): ReadonlySet<string> {
  return new Set(record.permissions.filter(({ decision }) => decision === 'granted').map(({ name }) => name))
}
