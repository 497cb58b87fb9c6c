import { defineDomain, s } from '@mortise/contract'
import { defineConfig } from '@mortise/server'

/** A host as small as one can be: two permissions and one method. */
const notes = defineDomain({
  name: 'notes',
  version: '1.0.0',
  permissions: {
    'read:notes': { risk: 'low', sentence: 'Read notes' },
    'write:notes': { risk: 'high', sentence: 'Change or delete notes' },
  },
  resources: {
    notes: {
      list: {
        summary: 'Lists notes.',
        permission: 'read:notes',
        effect: 'read',
        params: [],
        args: s.tuple([]),
        output: s.array(s.string()),
      },
    },
  },
  events: {},
  slots: {
    'dashboard.main': {
      summary: 'The dashboard.',
      context: s.object({}),
      cardinality: 'many',
      height: { min: 80, max: 900 },
    },
  },
})

export default defineConfig({
  name: 'Notes',
  domains: [notes],
  dialect: {
    name: 'none',
    guestSource:
      '(host) => ({ globals: {}, adopt: () => ({ handlers: [], subscriptions: [], deliver() {}, call() {}, configure() {} }) })',
  },
  setup: () => ({ notes: { list: () => ['first'] } }),
})
