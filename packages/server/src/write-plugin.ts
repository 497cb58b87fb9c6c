import type { Transaction } from 'kysely'
import type { Actor } from './config.ts'
import { hostsOfManifest, keepGrants } from './grants.ts'
import { checkConfig, listHosts } from './plugin-config.ts'
import type { PluginPackage } from './plugin-package.ts'
import type { InstalledPlugin } from './plugin-store.ts'
import type { StoredSecrets } from './secrets/stored-secrets.ts'
import type { Tables } from './tables.ts'

/** Writes the row and the wishes of a plugin, new or over an older version whose decisions and values stay. */
export async function writePlugin(
  transaction: Transaction<Tables>,
  { manifest, raw }: PluginPackage,
  before: InstalledPlugin | undefined,
  { secrets, source, actor, now }: { secrets: StoredSecrets; source: string; actor: Actor; now: Date },
): Promise<void> {
  const time = now.toISOString()
  const values = { ...manifest.defaultConfig, ...before?.config }
  const { config } = checkConfig(manifest.configSchema, values)
  const row = {
    version: manifest.version,
    manifest: JSON.stringify(raw),
    source,
    last_error: null,
    updated_at: time,
  }
  await transaction
    .insertInto('mortise_plugin')
    .values({
      id: manifest.name,
      ...row,
      config: '{}',
      enabled: 0,
      quarantined: 0,
      strikes: 0,
      quarantines: 0,
      retry_at: null,
      handlers: '[]',
      subscriptions: '[]',
      installed_by: actor.id,
      installed_at: time,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  const stamp = { by: actor.id, at: time }
  await transaction
    .updateTable('mortise_plugin')
    .set({
      config: await secrets.takeOut(transaction, manifest.name, manifest.configSchema, config, stamp),
    })
    .where('id', '=', manifest.name)
    .execute()
  await keepGrants(transaction, manifest.name, {
    permissions: manifest.permissions,
    manifestHosts: hostsOfManifest(manifest),
    configHosts: listHosts(config),
  })
}
