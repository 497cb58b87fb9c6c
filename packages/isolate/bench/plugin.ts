import type { PluginSpec } from '../src/index.ts'

/** A session as its events carry it. */
export const payload = {
  id: 'ses-1',
  name: 'firefox of ada',
  user: 'ada',
  template: 'firefox',
  state: 'running',
  resources: { memory: '2Gi', cpu: '1000m' },
  persistentHome: true,
  idleTimeout: '30m',
  createdAt: '2026-01-08T01:00:00.000Z',
  updatedAt: '2026-01-08T01:00:00.000Z',
}

/** The filter that is measured, as source. */
export const filterSource = `function filter(session) {
  if (session.user === 'mallory') return { action: 'drop', reason: 'not today' }
  return { action: 'modify', payload: { ...session, name: session.name.trim().toUpperCase() } }
}`

const shim = `(function () {
  return {
    globals: {},
    adopt: (filter) => ({
      handlers: [], subscriptions: [], filters: [{ type: 'x.y', priority: 100 }],
      deliver() {}, call() {}, configure() {},
      filter: (type, value) => filter(value),
    }),
  }
})`

export function benchSpec(id: string, source = ''): PluginSpec {
  return {
    id,
    version: '1.0.0',
    entry: 'index.js',
    files: { 'index.js': `${filterSource}\nmodule.exports = filter\n${source}` },
    manifest: { name: id },
    config: {},
    shim,
    allowedHosts: [],
    hostCall: async () => undefined,
  }
}
