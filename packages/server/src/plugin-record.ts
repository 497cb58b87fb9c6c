import {
  type DomainDefinition,
  describePermission,
  type HostState,
  nothingShared,
  type PermissionState,
  type PluginRecord,
  type PluginStatus,
  type PreviousUi,
  type SecretState,
  type UiRecord,
} from '@mortise/contract'
import type { Origins } from './origins.ts'
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

/** A plugin as the API shows it, with secrets covered. */
export function toPluginRecord(
  plugin: InstalledPlugin,
  domains: readonly DomainDefinition[],
  origins: Origins,
  restartsAt?: Date,
): PluginRecord {
  const { manifest } = plugin
  const retryAt = plugin.quarantined && plugin.retryAt !== null ? new Date(plugin.retryAt) : restartsAt
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
    ...(retryAt === undefined ? {} : { retryAt: retryAt.toISOString() }),
    permissions,
    pendingPermissions: permissions.filter(({ decision }) => decision === 'pending').map(({ name }) => name),
    hosts,
    ...(manifest.configSchema === undefined ? {} : { configSchema: manifest.configSchema }),
    config: coverSecrets(manifest.configSchema, plugin.config),
    configIssues: plugin.configIssues,
    commands: (manifest.contributes.commands ?? []).map(({ name, title, description, args }) => ({
      name,
      title,
      args,
      ...(description === undefined ? {} : { description }),
    })),
    secrets: toSecretStates(plugin),
    ...(plugin.entries.ui === undefined ? {} : { ui: toUiRecord(plugin, plugin.entries.ui, origins) }),
    themes: plugin.entries.themes,
    hasServerCode: plugin.entries.main !== undefined,
    manifest: plugin.raw,
    installedBy: plugin.installedBy,
    installedAt: plugin.installedAt,
    updatedAt: plugin.updatedAt,
    ...(plugin.previous === undefined ? {} : { previousVersion: plugin.previous.version }),
  }
}

function toSecretStates({ manifest, secrets }: InstalledPlugin): SecretState[] {
  const declared = manifest.secrets.map(({ name, title = name, description }): SecretState => {
    const setAt = secrets.get(name)?.setAt
    return {
      name,
      title,
      ...(description === undefined ? {} : { description }),
      declared: true,
      isSet: setAt !== undefined,
      ...(setAt === undefined ? {} : { setAt }),
    }
  })
  const kept = [...secrets]
    .filter(([name]) => !declared.some((secret) => secret.name === name))
    .map(([name, { setAt }]): SecretState => ({ name, title: name, declared: false, isSet: true, setAt }))
  return [...declared, ...kept]
}

function toUiRecord(plugin: InstalledPlugin, ui: string, origins: Origins): UiRecord {
  const { id, version, manifest } = plugin
  const { format, plan } = plugin.ui ?? { format: 'module', plan: nothingShared }
  const previous = toPreviousUi(plugin, origins)
  const { surface } = manifest
  const document = `/sandbox/${id}/${version}/${surface}.html`
  // A host of its own is a process of its own. A worker has no need of one as long as nobody ends what it shares.
  const own = `${origins.frameOrigin(id)}${document}`
  return {
    surface,
    sandboxUrl: surface === 'frame' ? own : `${origins.main}${document}`,
    ...(surface === 'worker' && origins.hasOwnHosts ? { apartUrl: own } : {}),
    entryUrl: `${origins.main}/plugin-files/${id}/${version}/${ui}`,
    format,
    sharing: {
      isolated: plan.isolated,
      shared: plan.shared,
      sentence: plan.sentence,
      complete: plan.missing.length === 0,
    },
    widgets: manifest.contributes.widgets ?? [],
    ...(previous === undefined ? {} : { previous }),
  }
}

function toPreviousUi(plugin: InstalledPlugin, origins: Origins): PreviousUi | undefined {
  const previous = previousAsPlugin(plugin)
  const ui = previous?.entries.ui
  if (!previous || ui === undefined) return undefined
  const { version, manifest } = previous
  return { ...toUiRecord(previous, ui, origins), version, permissions: manifest.permissions }
}
