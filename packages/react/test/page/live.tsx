import type { PluginRecord } from '@mortise/contract'
import { type Backend, createHost } from '@mortise/host'
import { useState } from 'react'
import { Button, HostProvider, Slot } from '../../src/host/index.ts'

const widget = { id: 'main', title: 'Live', slot: 'test.main', order: 1, height: 180 }
const plugin: PluginRecord = {
  id: 'live',
  name: 'live',
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
  ui: {
    surface: 'worker',
    format: 'federation',
    sandboxUrl: `${location.origin}/sandbox/worker.html`,
    entryUrl: `${location.origin}/plugin-files/live-plugin.js`,
    widgets: [widget],
  },
  themes: [],
  hasServerCode: false,
  manifest: {},
  installedBy: 'test',
  installedAt: '',
  updatedAt: '',
}

/** Knows one plugin and nothing else. */
const backend: Backend = {
  plugins: async () => [plugin],
  plugin: async () => plugin,
  call: async (_plugin, calls) => calls.map(() => ({ ok: true, value: undefined })),
  grant: async () => plugin,
  theme: async () => ({
    theme: null,
    mode: 'light',
    contrast: 'normal',
    css: '',
    contexts: { light: [], dark: [], 'light-more': [], 'dark-more': [] },
  }),
  follow: () => () => {},
}

const host = createHost({ domains: [], backend })
void host.start()

/** A slot over the real engine: the plugin runs in a worker of its own. */
export function Live() {
  const [team, setTeam] = useState('blue')
  return (
    <HostProvider host={host}>
      <Button onPress={() => setTeam('red')}>Change team</Button>
      <Slot id="test.main" label="Main" context={{ team }} />
    </HostProvider>
  )
}
