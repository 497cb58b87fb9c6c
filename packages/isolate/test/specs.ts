import type { PluginSpec } from '../src/index.ts'
import { minimalShim } from './minimal-shim.ts'

/** A spec with one file, `index.js`, and no powers. */
export function specOf(source: string, overrides: Partial<PluginSpec> = {}): PluginSpec {
  return {
    id: 'plugin',
    version: '1.0.0',
    entry: 'index.js',
    files: { 'index.js': source },
    manifest: { name: 'plugin' },
    config: {},
    shim: minimalShim,
    allowedHosts: [],
    hostCall: async () => {
      throw new Error('No host call is expected here')
    },
    ...overrides,
  }
}
