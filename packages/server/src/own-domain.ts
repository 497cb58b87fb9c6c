import { defineDomain, MortiseError, s } from '@mortise/contract'
import type { CallContext, ProviderTable } from './config.ts'

/** What the backend itself offers to the server code of plugins, beside the host's domains. */
export const ownDomain = defineDomain({
  name: 'mortise-server',
  version: '1.0.0',
  permissions: {},
  resources: {
    config: {
      set: {
        summary: "Changes one value of the plugin's own configuration. It may name approved hosts only.",
        permission: null,
        effect: 'write',
        params: ['key', 'value'],
        args: s.tuple([s.pipe(s.string(), s.minLength(1), s.maxLength(256)), s.unknown()]),
        output: s.void(),
      },
    },
  },
  events: {},
  slots: {},
})

export function ownProviders(
  setConfigValue: (plugin: string, key: string, value: unknown, context: CallContext) => Promise<void>,
): ProviderTable {
  return {
    config: {
      async set(context: CallContext, ...[key, value]: readonly unknown[]) {
        if (!context.plugin)
          throw new MortiseError('FORBIDDEN', 'Only a plugin has a configuration of its own.')
        await setConfigValue(context.plugin.id, key as string, value, context)
      },
    },
  }
}
