import { type Api, defineDomain, s } from '@mortise/contract'

/** A host vocabulary small enough to see everything at once. */
export const workshop = defineDomain({
  name: 'workshop',
  version: '1.0.0',
  permissions: {
    'read:notes': { risk: 'low', sentence: 'Read notes' },
    'write:notes': { risk: 'high', sentence: 'Write notes' },
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
      add: {
        summary: 'Adds a note.',
        permission: 'write:notes',
        effect: 'write',
        params: ['text'],
        args: s.tuple([s.pipe(s.string(), s.minLength(1))]),
        output: s.void(),
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
    'secret.told': {
      summary: 'A secret was told.',
      permission: 'write:notes',
      version: 1,
      data: s.object({ text: s.string() }),
    },
  },
  slots: {
    main: {
      summary: 'The only place.',
      context: s.object({ mood: s.string() }),
      cardinality: 'many',
      height: { min: 40, max: 400 },
    },
  },
})

export type WorkshopApi = Api<typeof workshop>
