import { MortiseError } from '@mortise/contract'
import type { Actor } from './config.ts'
import { replaceConfigHosts } from './grants.ts'
import { type Config, checkConfig, listHosts, requireValid } from './plugin-config.ts'
import { pluginEvent } from './plugin-event.ts'
import { grantedHosts } from './plugin-record.ts'
import type { InstalledPlugin, PluginStore } from './plugin-store.ts'
import type { Transact } from './transact.ts'

/**
 * Checks and stores a configuration, whole or not at all.
 *
 * @param change - Makes the new configuration of the one before.
 * @throws `PLUGIN_CONFIG_INVALID` with issues; `PLUGIN_HOST_APPROVAL_REQUIRED` with `data.hosts`.
 */
export async function writeConfig(
  rooms: { readonly store: PluginStore; readonly transact: Transact; readonly now: () => Date },
  plugin: InstalledPlugin,
  change: (before: Config) => Config,
  { approveHosts, actor }: { readonly approveHosts: readonly string[]; readonly actor: Actor },
): Promise<void> {
  const { store, transact, now } = rooms
  const { id } = plugin
  const config = requireValid(checkConfig(plugin.manifest.configSchema, change(plugin.config)))
  const hosts = listHosts(config)
  const approved = new Set([...grantedHosts(plugin), ...approveHosts.map((host) => host.toLowerCase())])
  const missing = hosts.filter((host) => !approved.has(host))
  if (missing.length > 0) {
    throw new MortiseError(
      'PLUGIN_HOST_APPROVAL_REQUIRED',
      `The configuration lets ${id} send requests to ${missing.join(', ')}. Approve ${missing.length > 1 ? 'these hosts' : 'this host'} to save it.`,
      { data: { hosts: missing } },
    )
  }
  await transact(async (transaction, emit) => {
    const stamp = { by: actor.id, at: now().toISOString() }
    await store.update(transaction, id, {
      config: await store.secrets.takeOut(transaction, id, plugin.manifest.configSchema, config, stamp),
      updated_at: stamp.at,
    })
    await replaceConfigHosts(transaction, id, hosts, stamp)
    emit(pluginEvent('plugin.configured', id, actor))
  })
}
