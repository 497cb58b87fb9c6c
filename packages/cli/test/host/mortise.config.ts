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
  events: {
    'note.added': {
      summary: 'A note was added.',
      permission: 'read:notes',
      version: 1,
      data: s.object({ text: s.string() }),
    },
  },
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
    // What the plugin exports under the name of an event type receives the event, and under 'commands' runs them.
    guestSource: `(host) => ({
      globals: {},
      adopt: (plugin) => ({
        handlers: [],
        subscriptions: Object.keys(plugin ?? {}).filter((name) => name.includes('.')),
        deliver: (event) => plugin[event.event_type](event),
        work: (what, name, args) => plugin[what + 's'][name](...args),
        call() {},
        configure() {},
      }),
    })`,
  },
  setup: () => ({ notes: { list: () => ['first'] } }),
})
