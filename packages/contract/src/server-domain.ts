import { defineDomain, eventPermissions } from './domain.ts'
import { secretNameSchema } from './manifest.ts'
import { s } from './schema.ts'

/**
 * What the backend lends to the server code of plugins, whatever the host's own
 * domain is. Only server code may call: a page that asks in a plugin's name is
 * answered `METHOD_UNKNOWN`, so that nothing of it ever reaches a browser.
 */
export const serverDomain = defineDomain({
  name: 'mortise-server',
  version: '1.0.0',
  permissions: {
    ...eventPermissions,
    secrets: { risk: 'medium', sentence: 'Read the secrets you store for it' },
  },
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
    secrets: {
      get: {
        summary: 'Reads a secret that the manifest declares, `null` where nobody has set it.',
        permission: 'secrets',
        effect: 'read',
        params: ['name'],
        args: s.tuple([secretNameSchema]),
        output: s.nullable(s.string()),
      },
    },
  },
  events: {},
  slots: {},
})
