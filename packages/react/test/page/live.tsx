import type { PluginRecord } from '@mortise/contract'
import { type Backend, createHost } from '@mortise/host'
import { useEffect, useState } from 'react'
import './fixture.ts'
import { Button, Dialog, HostProvider, Slot } from '../../src/host/index.ts'
import { livePlugin } from './live-record.ts'

const plugin = (entry: string, format: 'federation' | 'module') =>
  livePlugin({ id: 'live', entry, format, height: 180 })

/** Knows one plugin and nothing else. */
const createBackend = (record: PluginRecord): Backend => ({
  plugins: async () => [record],
  plugin: async () => record,
  call: async (_plugin, calls) => calls.map(() => ({ ok: true, value: undefined })),
  grant: async () => record,
  theme: async () => ({
    theme: null,
    mode: 'light',
    contrast: 'normal',
    density: 'system',
    motion: 'system',
    brand: '',
    repaired: false,
    brands: [],
    branding: { navigation: 'side' },
    fonts: [],
    rules: [],
    builtIn: [],
    forced: [],
  }),
  themeScope: async () => ({ rules: [], fonts: [] }),
  follow: () => () => {},
})

/** A slot over the real engine: the plugin runs in a worker of its own. */
function LivePage({ record }: { readonly record: PluginRecord }) {
  const [host] = useState(() => createHost({ domains: [], backend: createBackend(record) }))
  useEffect(() => {
    void host.start()
    return () => void host.stop()
  }, [host])
  const [team, setTeam] = useState('blue')
  const [asking, setAsking] = useState(false)
  window.fixture.step = (name) => (name === 'ask' ? setAsking(true) : setTeam(name))
  return (
    <HostProvider host={host}>
      <Button onPress={() => setTeam('red')}>Change team</Button>
      <Dialog open={asking} onOpenChange={setAsking} title="A question of the host">
        Answer it.
      </Dialog>
      <Slot id="test.main" label="Main" context={{ team }} maxHeight={4000} />
    </HostProvider>
  )
}

/** React in a federation container. */
export function Live() {
  return <LivePage record={plugin('live-plugin.js', 'federation')} />
}

/** Hostile texts in every property, from a plain module. */
export function Payloads() {
  return <LivePage record={plugin('payload-plugin.js', 'module')} />
}

/** Plain DOM in a plain module. */
export function Parts() {
  return <LivePage record={plugin('parts-plugin.js', 'module')} />
}
