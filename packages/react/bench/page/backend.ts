import type { EntryFormat, PluginRecord, ThemeRecord } from '@mortise/contract'
import type { Backend } from '@mortise/host'

/** A backend that has these plugins and nothing else. */
export function backendOf(records: readonly PluginRecord[]): Backend {
  const theme = { theme: null, mode: 'light', contrast: 'normal', density: 'cosy', motion: 'full' } as const
  const sheet = {
    brand: '',
    brands: [],
    branding: {},
    repaired: false,
    rules: [],
    fonts: [],
    builtIn: [],
    forced: [],
  }
  return {
    plugins: async () => records,
    plugin: async (id) => records.find((record) => record.id === id),
    call: async (_plugin, calls) => calls.map(() => ({ ok: true, value: null })),
    grant: async () => {
      throw new Error('Nobody asks.')
    },
    theme: async () => ({ ...theme, ...sheet }) as unknown as ThemeRecord,
    follow: () => () => {},
    themeScope: async () => {
      throw new Error('Nobody asks.')
    },
  }
}

/** A plugin with widgets `w0`, `w1`, … for workers. */
export function recordOf(id: string, widgets: number, format: EntryFormat): PluginRecord {
  return {
    id,
    version: '1.0.0',
    displayName: id,
    enabled: true,
    status: 'active',
    permissions: [],
    hosts: [],
    ui: {
      surface: 'worker',
      format,
      sharing: { isolated: [], shared: ['react'], sentence: '', complete: true },
      sandboxUrl: `${location.origin}/sandbox/${id}/worker.html`,
      entryUrl: `${location.origin}/plugin-files/${id}/entry.js`,
      widgets: Array.from({ length: widgets }, (_, widget) => ({
        id: `w${widget}`,
        title: `Widget ${widget}`,
        slot: 'main',
        order: 100,
      })),
    },
  } as unknown as PluginRecord
}
