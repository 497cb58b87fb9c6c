import { randomUUID } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type EntryInspection,
  type ErrorRecord,
  findEntries,
  type Issue,
  isSafePath,
  type Manifest,
  MortiseError,
  type PluginEntries,
  parseManifest,
  unwrap,
} from '@mortise/contract'
import type { Selectable, Transaction } from 'kysely'
import type { Database } from './database.ts'
import { type Config, checkConfig, splitSecrets } from './plugin-config.ts'
import { listFiles, readUi } from './plugin-files.ts'
import type { PluginPackage } from './plugin-package.ts'
import { type PreviousRelease, readPrevious } from './previous-release.ts'
import type { OwnSecret, StoredSecrets } from './secrets/stored-secrets.ts'
import type { Tables } from './tables.ts'

/** Largest source map that is read, in bytes. */
const largestMap = 4 * 1024 * 1024

export type GrantRow = Selectable<Tables['mortise_grant']>

/** A plugin as the backend holds it in memory: one row of the table, parsed, with its grants. */
export interface InstalledPlugin {
  readonly id: string
  readonly version: string
  readonly manifest: Manifest
  readonly raw: Readonly<Record<string, unknown>>
  readonly entries: PluginEntries
  /** What is known of the UI file before it runs. */
  readonly ui: EntryInspection | undefined
  readonly source: string
  readonly enabled: boolean
  readonly quarantined: boolean
  readonly strikes: number
  readonly quarantines: number
  readonly retryAt: number | null
  /** With its secret values, which lie sealed in a table of their own. */
  readonly config: Config
  /** Secrets of the manifest that somebody has set. */
  readonly secrets: ReadonlyMap<string, OwnSecret>
  readonly handlers: readonly string[]
  readonly subscriptions: readonly string[]
  readonly lastError: ErrorRecord | undefined
  readonly installedBy: string
  readonly installedAt: string
  readonly updatedAt: string
  readonly grants: readonly GrantRow[]
  /** What is wrong with the configuration, found when the row was read. */
  readonly configIssues: readonly Issue[]
  /** The version before this one, which a rollback brings back. */
  readonly previous: PreviousRelease | undefined
}

/** Installed plugins: rows in the database, files in the data folder, a copy in memory for fast answers. */
export class PluginStore {
  readonly secrets: StoredSecrets
  readonly #database: Database
  readonly #isAllowed: (id: string) => boolean
  readonly #folder: string
  readonly #plugins = new Map<string, InstalledPlugin>()

  /** @param isAllowed - What the operator lets run at all. */
  constructor(
    database: Database,
    dataDir: string,
    secrets: StoredSecrets,
    isAllowed: (id: string) => boolean = () => true,
  ) {
    this.#isAllowed = isAllowed
    this.secrets = secrets
    this.#database = database
    this.#folder = join(dataDir, 'plugins')
  }

  /** Reads all plugins and removes files that no row names: what a crash in the middle of an installation left. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const rows = await this.#database.selectFrom('mortise_plugin').select(['id', 'version']).execute()
    const kept = await this.#database.selectFrom('mortise_previous').select(['plugin', 'version']).execute()
    const named = new Set([
      ...rows.map(({ id, version }) => `${id}/${version}`),
      ...kept.map(({ plugin, version }) => `${plugin}/${version}`),
    ])
    for (const id of await readdir(this.#folder)) {
      for (const version of await readdir(join(this.#folder, id))) {
        if (!named.has(`${id}/${version}`)) await this.removeFiles(id, version)
      }
      if (!rows.some((row) => row.id === id)) await this.removeFiles(id)
    }
    for (const { id } of rows) {
      await this.reload(id)
      await this.#sealOld(id)
    }
  }

  /** Takes out secret values that lie open in a row: an older version of the server wrote it. */
  async #sealOld(id: string): Promise<void> {
    const { manifest, config, updatedAt } = this.get(id)
    await this.#database.transaction().execute(async (transaction) => {
      const { config: stored } = await transaction
        .selectFrom('mortise_plugin')
        .select('config')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      if (splitSecrets(manifest.configSchema, JSON.parse(stored)).secrets.length === 0) return
      const stamp = { by: 'mortise', at: updatedAt }
      const open = await this.secrets.takeOut(transaction, id, manifest.configSchema, config, stamp)
      await this.update(transaction, id, { config: open })
    })
  }

  list(): InstalledPlugin[] {
    return [...this.#plugins.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  find(id: string): InstalledPlugin | undefined {
    return this.#plugins.get(id)
  }

  /** @throws `PLUGIN_NOT_FOUND`. */
  get(id: string): InstalledPlugin {
    const plugin = this.#plugins.get(id)
    if (plugin) return plugin
    throw pluginNotFound(id)
  }

  /** Folder of a plugin's files. */
  folderOf(id: string, version: string): string {
    return join(this.#folder, id, version)
  }

  /** Puts the files in their place at once, or not at all. */
  async writeFiles({ manifest, files }: PluginPackage): Promise<void> {
    const staging = join(this.#folder, `.staging-${randomUUID()}`)
    try {
      for (const [path, bytes] of files) {
        const target = join(staging, path)
        await mkdir(dirname(target), { recursive: true, mode: 0o700 })
        await writeFile(target, bytes, { flag: 'wx', mode: 0o600 })
      }
      const target = this.folderOf(manifest.name, manifest.version)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await rm(target, { recursive: true, force: true })
      await rename(staging, target)
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }

  async removeFiles(id: string, version?: string): Promise<void> {
    const folder = version === undefined ? join(this.#folder, id) : this.folderOf(id, version)
    await rm(folder, { recursive: true, force: true })
  }

  /** Texts of the files that server code is made of. */
  async readSources(plugin: InstalledPlugin): Promise<Record<string, string>> {
    const sources: Record<string, string> = {}
    for (const path of await this.#paths(plugin)) {
      if (/\.(js|cjs|mjs|json)$/.test(path)) {
        sources[path] = await readFile(join(this.folderOf(plugin.id, plugin.version), path), 'utf8')
      }
    }
    return sources
  }

  /** Text of a file that the manifest names. */
  readText(plugin: InstalledPlugin, path: string): Promise<string> {
    return readFile(join(this.folderOf(plugin.id, plugin.version), path), 'utf8')
  }

  /** Text of a source map of the package; `undefined` for what is none, or too large to be one. */
  readMap(plugin: InstalledPlugin, path: string): string | undefined {
    if (!isSafePath(path) || !path.endsWith('.map')) return undefined
    const file = join(this.folderOf(plugin.id, plugin.version), path)
    const info = lstatSync(file, { throwIfNoEntry: false })
    return info?.isFile() && info.size <= largestMap ? readFileSync(file, 'utf8') : undefined
  }

  /** Changes a row inside a transaction. The copy in memory follows with `reload`. */
  async update(
    transaction: Transaction<Tables>,
    id: string,
    change: Partial<Omit<Tables['mortise_plugin'], 'id'>>,
  ): Promise<void> {
    await transaction.updateTable('mortise_plugin').set(change).where('id', '=', id).execute()
  }

  /** Brings the copy in memory up to date with the database. */
  async reload(id: string): Promise<void> {
    const row = await this.#database
      .selectFrom('mortise_plugin')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) {
      this.#plugins.delete(id)
      return
    }
    const grants = await this.#database
      .selectFrom('mortise_grant')
      .selectAll()
      .where('plugin', '=', id)
      .orderBy('name')
      .execute()
    const { manifest, raw } = unwrap(
      parseManifest(row.manifest),
      'MANIFEST_INVALID',
      `The stored manifest of ${id}`,
    )
    const { config, own } = await this.secrets.read(this.#database, id, row.config)
    const folder = this.folderOf(id, row.version)
    const known = this.#plugins.get(id)
    const isSame = known?.version === row.version
    const entries = isSame
      ? known.entries
      : unwrap(
          findEntries(manifest, new Set(await listFiles(folder))),
          'ENTRYPOINT_NOT_FOUND',
          `The stored package of ${id}`,
        )
    this.#plugins.set(id, {
      id,
      version: row.version,
      manifest,
      raw,
      entries,
      ui: isSame ? known.ui : await readUi(folder, entries.ui),
      source: row.source,
      enabled: row.enabled === 1 && this.#isAllowed(row.id),
      quarantined: row.quarantined === 1,
      strikes: row.strikes,
      quarantines: row.quarantines,
      retryAt: row.retry_at,
      config,
      secrets: own,
      handlers: JSON.parse(row.handlers),
      subscriptions: JSON.parse(row.subscriptions),
      lastError: row.last_error === null ? undefined : JSON.parse(row.last_error),
      installedBy: row.installed_by,
      installedAt: row.installed_at,
      updatedAt: row.updated_at,
      grants,
      configIssues: checkConfig(manifest.configSchema, config).issues,
      previous: await readPrevious(this.#database, id, (version) => this.folderOf(id, version)),
    })
  }

  #paths(plugin: InstalledPlugin): Promise<string[]> {
    return listFiles(this.folderOf(plugin.id, plugin.version))
  }
}

export function pluginNotFound(id: string): MortiseError {
  return new MortiseError('PLUGIN_NOT_FOUND', `There is no plugin '${id.slice(0, 64)}'. Install it first.`)
}
