import type { PluginRecord } from '@mortise/contract'
import type { Actor } from '../config.ts'

/** A plugin as a person is told of it, `undefined` where it does not run for them. */
export function showPluginTo({ role }: Actor, record: PluginRecord): PluginRecord | undefined {
  if (role === 'admin') return record
  if (!record.enabled || record.status !== 'active') return undefined
  const { lastError: _, configSchema: __, previousVersion: ___, ...shown } = record
  return {
    ...shown,
    // How it is set up, and by whom, is between the plugin and its administrator.
    source: '',
    strikes: 0,
    config: {},
    configIssues: [],
    secrets: [],
    manifest: {},
    installedBy: '',
  }
}
