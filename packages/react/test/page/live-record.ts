import type { PluginRecord } from '@mortise/contract'

export interface LivePlugin {
  readonly id: string
  /** Name of a file beside this one. */
  readonly entry: string
  readonly format?: 'federation' | 'module'
  readonly surface?: 'worker' | 'frame'
  readonly slot?: string
  readonly height?: number
}

/** The record of a plugin that really runs. A frame plugin has a host name of its own, as on the server. */
export function livePlugin({
  id,
  entry,
  format = 'module',
  surface = 'worker',
  ...more
}: LivePlugin): PluginRecord {
  const { slot = 'test.main', height } = more
  const origin = surface === 'frame' ? `http://${id}.localhost:${location.port}` : location.origin
  return {
    id,
    name: id,
    version: '1.0.0',
    displayName: 'Live plugin',
    description: '',
    type: 'extension',
    pluginType: 'extension',
    author: 'Test',
    source: 'test',
    enabled: true,
    status: 'active',
    strikes: 0,
    permissions: [],
    pendingPermissions: [],
    hosts: [],
    config: {},
    configIssues: [],
    secrets: [],
    commands: [],
    ui: {
      surface,
      format,
      sandboxUrl: `${origin}/sandbox/${surface}.html`,
      entryUrl: `${origin}/plugin-files/${entry}`,
      sharing: { isolated: [], shared: ['react'], sentence: '', complete: true },
      widgets: [{ id: 'main', title: 'Live', slot, order: 1, ...(height && { height }) }],
    },
    themes: [],
    hasServerCode: false,
    manifest: {},
    installedBy: 'test',
    installedAt: '',
    updatedAt: '',
  }
}
