import {
  type DomainDefinition,
  describePermission,
  type HostState,
  nothingShared,
  type PermissionState,
  type PluginRecord,
  type PluginStatus,
  type PreviousUi,
  type UiRecord,
} from '@mortise/contract'
import { coverSecrets } from './plugin-config.ts'
import type { InstalledPlugin } from './plugin-store.ts'
import { previousAsPlugin } from './previous-release.ts'

/** What a plugin still waits for, and how it stands. */
export function statusOf(plugin: InstalledPlugin): PluginStatus {
  if (plugin.grants.some(({ decision }) => decision === 'pending')) return 'awaiting-approval'
  if (plugin.configIssues.length > 0) return 'awaiting-configuration'
  if (plugin.quarantined) return 'quarantined'
  if (!plugin.enabled) return 'disabled'
  return plugin.lastError ? 'failed' : 'active'
}

/** Whether the plugin's code may run, in the browser as on the server. */
export function mayRun(plugin: InstalledPlugin): boolean {
  const status = statusOf(plugin)
  return status === 'active' || status === 'failed'
}

/** Of each plugin as it was read: whoever follows the feed asks for every event. */
const permissionSets = new WeakMap<InstalledPlugin, ReadonlySet<string>>()

/** Names of granted permissions. */
export function grantedPermissions(plugin: InstalledPlugin): ReadonlySet<string> {
  const known = permissionSets.get(plugin) ?? new Set(granted(plugin, 'permission'))
  permissionSets.set(plugin, known)
  return known
}

/** Hosts the plugin may contact. */
export function grantedHosts(plugin: InstalledPlugin): string[] {
  return granted(plugin, 'host')
}

function granted(plugin: InstalledPlugin, kind: 'permission' | 'host'): string[] {
  return plugin.grants
    .filter((grant) => grant.kind === kind && grant.decision === 'granted')
    .map(({ name }) => name)
}

/**
 * A plugin as the API shows it, with secrets covered.
 *
 * @param origin - Where the console is served, such as `http://localhost:4780`.
 */
export function toPluginRecord(
  plugin: InstalledPlugin,
  domains: readonly DomainDefinition[],
  origin: string,
): PluginRecord {
  const { manifest } = plugin
  const permissions = manifest.permissions.map((name): PermissionState => {
    const grant = plugin.grants.find(
      (candidate) => candidate.kind === 'permission' && candidate.name === name,
    )
    return { ...describePermission(name, domains), decision: grant?.decision ?? 'pending' }
  })
  const hosts = plugin.grants
    .filter(({ kind }) => kind === 'host')
    .map(({ name, origin, decision }): HostState => ({ host: name, origin, decision }))
  return {
    id: plugin.id,
    name: plugin.id,
    version: plugin.version,
    displayName: manifest.displayName,
    description: manifest.description,
    type: manifest.type,
    pluginType: manifest.type,
    author: manifest.author,
    ...(manifest.license === undefined ? {} : { license: manifest.license }),
    source: plugin.source,
    enabled: plugin.enabled,
    status: statusOf(plugin),
    ...(plugin.lastError === undefined ? {} : { lastError: plugin.lastError }),
    strikes: plugin.strikes,
    ...(plugin.quarantined && plugin.retryAt !== null
      ? { retryAt: new Date(plugin.retryAt).toISOString() }
      : {}),
    permissions,
    pendingPermissions: permissions.filter(({ decision }) => decision === 'pending').map(({ name }) => name),
    hosts,
    ...(manifest.configSchema === undefined ? {} : { configSchema: manifest.configSchema }),
    config: coverSecrets(manifest.configSchema, plugin.config),
    configIssues: plugin.configIssues,
    commands: (manifest.contributes.commands ?? []).map(({ name, title, description }) => ({
      name,
      title,
      ...(description === undefined ? {} : { description }),
    })),
    secrets: manifest.secrets.map(({ name, title = name, description }) => {
      const setAt = plugin.secrets.get(name)?.setAt
      return {
        name,
        title,
        ...(description === undefined ? {} : { description }),
        isSet: setAt !== undefined,
        ...(setAt === undefined ? {} : { setAt }),
      }
    }),
    ...(plugin.entries.ui === undefined ? {} : { ui: toUiRecord(plugin, plugin.entries.ui, origin) }),
    themes: plugin.entries.themes,
    hasServerCode: plugin.entries.main !== undefined,
    manifest: plugin.raw,
    installedBy: plugin.installedBy,
    installedAt: plugin.installedAt,
    updatedAt: plugin.updatedAt,
    ...(plugin.previous === undefined ? {} : { previousVersion: plugin.previous.version }),
  }
}

function toUiRecord(plugin: InstalledPlugin, ui: string, origin: string): UiRecord {
  const { id, version, manifest } = plugin
  const { format, plan } = plugin.ui ?? { format: 'module', plan: nothingShared }
  const previous = toPreviousUi(plugin, origin)
  const { surface } = manifest
  // A frame gets an origin of its own, so that the process of one plugin is not the process of another.
  const base = surface === 'frame' ? origin.replace('://', `://${id}.`) : origin
  return {
    surface,
    sandboxUrl: `${base}/sandbox/${id}/${version}/${surface}.html`,
    entryUrl: `${origin}/plugin-files/${id}/${version}/${ui}`,
    format,
    sharing: {
      isolated: plan.isolated,
      sentence: plan.sentence,
      complete: plan.missing.length === 0,
    },
    widgets: manifest.contributes.widgets ?? [],
    ...(previous === undefined ? {} : { previous }),
  }
}

function toPreviousUi(plugin: InstalledPlugin, origin: string): PreviousUi | undefined {
  const previous = previousAsPlugin(plugin)
  const ui = previous?.entries.ui
  if (!previous || ui === undefined) return undefined
  const { version, manifest } = previous
  return { ...toUiRecord(previous, ui, origin), version, permissions: manifest.permissions }
}
