import type { Transaction } from 'kysely'
import type { Actor } from './config.ts'
import { hostsOfManifest, keepGrants } from './grants.ts'
import { checkConfig, listHosts } from './plugin-config.ts'
import type { PluginPackage } from './plugin-package.ts'
import type { InstalledPlugin } from './plugin-store.ts'
import type { Tables } from './tables.ts'

/** Writes the row and the wishes of a plugin, new or over an older version whose decisions and values stay. */
export async function writePlugin(
  transaction: Transaction<Tables>,
  { manifest, raw }: PluginPackage,
  before: InstalledPlugin | undefined,
  { source, actor, now }: { source: string; actor: Actor; now: Date },
): Promise<void> {
  const time = now.toISOString()
  const values = { ...manifest.defaultConfig, ...before?.config }
  const row = {
    version: manifest.version,
    manifest: JSON.stringify(raw),
    source,
    config: JSON.stringify(checkConfig(manifest.configSchema, values).config),
    last_error: null,
    updated_at: time,
  }
  await transaction
    .insertInto('mortise_plugin')
    .values({
      id: manifest.name,
      ...row,
      enabled: 0,
      quarantined: 0,
      strikes: 0,
      handlers: '[]',
      subscriptions: '[]',
      installed_by: actor.id,
      installed_at: time,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  await keepGrants(transaction, manifest.name, {
    permissions: manifest.permissions,
    manifestHosts: hostsOfManifest(manifest),
    configHosts: listHosts(JSON.parse(row.config)),
  })
}
