import type { BootMessage } from '@mortise/contract'
import type { PluginDefinition } from '../plugin.ts'
import { loadError } from './describe-error.ts'
import { openContainer } from './open-container.ts'
import type { RealmOptions } from './options.ts'

/**
 * Loads the plugin's entry into this realm.
 *
 * @throws REMOTE_UNREACHABLE where a file could not be fetched (the host finds
 * out why), REMOTE_INVALID where no plugin is exported, and whatever the
 * plugin's own code throws.
 */
export async function loadPlugin(boot: BootMessage, options: RealmOptions): Promise<PluginDefinition> {
  try {
    return await load(boot, options)
  } catch (error) {
    // Browsers tell the same for a 404, HTML and no network: with an opaque origin nobody here can look.
    const unreachable =
      error instanceof TypeError && /import/i.test(error.message) && /modul/i.test(error.message)
    throw unreachable ? loadError('REMOTE_UNREACHABLE', error.message) : error
  }
}

async function load(boot: BootMessage, options: RealmOptions): Promise<PluginDefinition> {
  const name = boot.plugin.displayName
  if (boot.format === 'module') return readPlugin(await importEntry(boot.entry), name)
  const offered = Object.entries(options.shared ?? {}).filter(([key]) => !boot.isolated.includes(key))
  const shared = Object.fromEntries(offered)
  if (boot.format === 'container') {
    return readPlugin(await openContainer(await importEntry(boot.entry), shared, name), name)
  }
  // Only remotes of other tools pay for the federation runtime. It must be there before the container runs.
  const openForeignContainer = await options.loadFederation?.()
  if (!openForeignContainer) throw new Error('This realm has no federation runtime.')
  const container = await importEntry(boot.entry)
  return readPlugin(await openForeignContainer(boot.entry, container, shared, name), name)
}

function importEntry(entry: string): Promise<unknown> {
  return import(/* @vite-ignore */ entry)
}

function readPlugin(module: unknown, name: string): PluginDefinition {
  const plugin = (module as { default?: unknown } | undefined)?.default
  const { activate, widgets } = (plugin ?? {}) as { activate?: unknown; widgets?: unknown }
  const fits =
    (activate === undefined || typeof activate === 'function') &&
    (widgets === undefined || (typeof widgets === 'object' && widgets !== null)) &&
    (activate !== undefined || widgets !== undefined)
  if (!fits) {
    throw loadError(
      'REMOTE_INVALID',
      `The entry of ${name} does not export a plugin by default. Export what definePlugin returns.`,
    )
  }
  return plugin as PluginDefinition
}
