/**
 * The version of a plugin before the installed one. Its package stays until the
 * next update, so that a rollback needs nobody to send it again and a page can
 * run it where the new one does not load.
 */
import {
  type EntryInspection,
  findEntries,
  type Manifest,
  MortiseError,
  type PluginEntries,
  parseManifest,
  unwrap,
} from '@mortise/contract'
import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import { hostsOfManifest, keepGrants } from './grants.ts'
import { type Config, checkConfig, joinSecrets, listHosts, splitSecrets } from './plugin-config.ts'
import { listFiles, readUi } from './plugin-files.ts'
import type { GrantRow, InstalledPlugin } from './plugin-store.ts'
import type { StoredSecrets } from './secrets/stored-secrets.ts'
import type { Tables } from './tables.ts'

export interface PreviousRelease {
  readonly version: string
  readonly manifest: Manifest
  readonly raw: Readonly<Record<string, unknown>>
  readonly source: string
  readonly entries: PluginEntries
  readonly ui: EntryInspection | undefined
  /** Configuration and decisions as they were when the version was replaced. */
  readonly config: Config
  readonly grants: readonly GrantRow[]
}

/** Reads the version before. `undefined` where there is none, or none that could run. */
export async function readPrevious(
  database: Database,
  id: string,
  folderOf: (version: string) => string,
): Promise<PreviousRelease | undefined> {
  const row = await database
    .selectFrom('mortise_previous')
    .selectAll()
    .where('plugin', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const { manifest, raw } = unwrap(
    parseManifest(row.manifest),
    'MANIFEST_INVALID',
    `The stored manifest of ${id} ${row.version}`,
  )
  const folder = folderOf(row.version)
  const entries = findEntries(manifest, new Set(await listFiles(folder).catch(() => [])))
  if (!entries.ok) return undefined
  return {
    version: row.version,
    manifest,
    raw,
    source: row.source,
    entries: entries.value,
    ui: await readUi(folder, entries.value.ui),
    config: JSON.parse(row.config),
    grants: JSON.parse(row.grants),
  }
}

/** Keeps a release as the one before, in place of what was kept for the plugin. */
export async function keepPrevious(
  transaction: Transaction<Tables>,
  { id, version, manifest, raw, source, config, grants }: InstalledPlugin,
): Promise<void> {
  const row = {
    version,
    manifest: JSON.stringify(raw),
    source,
    // Secret values stay where they are sealed.
    config: JSON.stringify(splitSecrets(manifest.configSchema, config).open),
    grants: JSON.stringify(grants),
  }
  await transaction
    .insertInto('mortise_previous')
    .values({ plugin: id, ...row })
    .onConflict((conflict) => conflict.column('plugin').doUpdateSet(row))
    .execute()
}

/** Forgets the version before: its files are about to be replaced. */
export async function forgetPrevious(database: Database | Transaction<Tables>, id: string): Promise<void> {
  await database.deleteFrom('mortise_previous').where('plugin', '=', id).execute()
}

/**
 * Puts the version before in the place of the installed one, which is kept in
 * turn. What was decided since stays; what only the old version asks for is as it
 * was decided then; settings that the old version cannot use are as they were.
 *
 * @throws `PLUGIN_NO_PREVIOUS`.
 */
export async function restorePrevious(
  transaction: Transaction<Tables>,
  plugin: InstalledPlugin,
  secrets: StoredSecrets,
  stamp: { readonly by: string; readonly at: string },
): Promise<PreviousRelease> {
  const { id, previous } = plugin
  if (!previous) {
    throw new MortiseError(
      'PLUGIN_NO_PREVIOUS',
      `${id} ${plugin.version} is the only version here: there is none to go back to.`,
    )
  }
  const { manifest } = previous
  const current = checkConfig(manifest.configSchema, { ...manifest.defaultConfig, ...plugin.config })
  const sealed = splitSecrets(plugin.manifest.configSchema, plugin.config).secrets
  const { config } =
    current.issues.length === 0
      ? current
      : checkConfig(manifest.configSchema, joinSecrets(previous.config, sealed))
  await keepPrevious(transaction, plugin)
  await transaction
    .updateTable('mortise_plugin')
    .set({
      version: previous.version,
      manifest: JSON.stringify(previous.raw),
      source: previous.source,
      config: await secrets.takeOut(transaction, id, manifest.configSchema, config, stamp),
      // What it was stopped for was the other version's fault.
      quarantined: 0,
      quarantines: 0,
      retry_at: null,
      strikes: 0,
      last_error: null,
      updated_at: stamp.at,
    })
    .where('id', '=', id)
    .execute()
  await keepGrants(transaction, id, {
    permissions: manifest.permissions,
    manifestHosts: hostsOfManifest(manifest),
    configHosts: listHosts(config),
  })
  for (const { kind, name, decision, decided_by, decided_at } of previous.grants) {
    await transaction
      .updateTable('mortise_grant')
      .set({ decision, decided_by, decided_at })
      .where('plugin', '=', id)
      .where('kind', '=', kind)
      .where('name', '=', name)
      .where('decision', '=', 'pending')
      .execute()
  }
  return previous
}

/** The version before as a plugin of its own, with those of today's grants that it asked for itself. */
export function previousAsPlugin(plugin: InstalledPlugin): InstalledPlugin | undefined {
  const { previous } = plugin
  if (!previous) return undefined
  const { version, manifest, raw, source, entries, ui } = previous
  const asked = new Set([...manifest.permissions, ...hostsOfManifest(manifest)])
  const grants = plugin.grants.filter(({ name, origin }) => origin === 'config' || asked.has(name))
  return { ...plugin, version, manifest, raw, source, entries, ui, grants, previous: undefined }
}
