import { defineDomain, eventPermissions, MortiseError, s } from '@mortise/contract'
import type { CallContext, ProviderTable } from './config.ts'

/** What the backend itself offers to the server code of plugins, beside the host's domains. */
export const ownDomain = defineDomain({
  name: 'mortise-server',
  version: '1.0.0',
  permissions: eventPermissions,
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
    events: {
      emit: {
        summary: 'Sends an event of the type `plugin.<name>.<type>` to plugins that may emit too.',
        permission: 'emit:events',
        effect: 'write',
        params: ['type', 'data'],
        args: s.tuple([
          s.pipe(
            s.string(),
            s.maxLength(64),
            s.regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, 'is not a lower-case event name'),
          ),
          s.optional(s.unknown()),
        ]),
        output: s.void(),
      },
    },
  },
  events: {},
  slots: {},
})

export function ownProviders(own: {
  setConfigValue(plugin: string, key: string, value: unknown, context: CallContext): Promise<void>
  emit(plugin: string, type: string, data: unknown): Promise<void>
}): ProviderTable {
  return {
    config: {
      async set(context: CallContext, ...[key, value]: readonly unknown[]) {
        if (!context.plugin)
          throw new MortiseError('FORBIDDEN', 'Only a plugin has a configuration of its own.')
        await own.setConfigValue(context.plugin.id, key as string, value, context)
      },
    },
    events: {
      async emit(context: CallContext, ...[type, data]: readonly unknown[]) {
        if (!context.plugin) throw new MortiseError('FORBIDDEN', 'Only a plugin emits events of its own.')
        await own.emit(context.plugin.id, type as string, data)
      },
    },
  }
}
