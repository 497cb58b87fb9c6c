import { defineDomain } from './domain.ts'
import { s } from './schema.ts'

const subscription = s.pipe(
  s.string(),
  s.maxLength(128),
  s.regex(/^(\*|[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*(\.\*)?)$/, 'is not an event type or wildcard'),
)
const mount = s.pipe(s.number(), s.integer(), s.minValue(1))

/** Needs no permission. What it does is said in `framework-summaries.ts`, since pages need none of the words. */
const own = { summary: '', permission: null } as const

/**
 * What every guest may call, whatever the host's own domain is. The framework's
 * calls are rows of a domain like any other, so one guard serves all.
 */
export const frameworkDomain = defineDomain({
  name: 'mortise',
  version: '1.0.0',
  permissions: {},
  resources: {
    guest: {
      ready: {
        ...own,
        effect: 'read',
        params: ['widgets'],
        args: s.tuple([s.pipe(s.array(s.pipe(s.string(), s.maxLength(64))), s.maxLength(64))]),
        output: s.void(),
      },
      mounted: {
        ...own,
        effect: 'read',
        params: ['mount'],
        args: s.tuple([mount]),
        output: s.void(),
      },
      failed: {
        ...own,
        effect: 'read',
        params: ['error', 'mount'],
        args: s.tuple([
          s.object({
            code: s.pipe(s.string(), s.maxLength(64)),
            name: s.pipe(s.string(), s.maxLength(200)),
            message: s.pipe(s.string(), s.maxLength(4000)),
          }),
          s.optional(mount),
        ]),
        output: s.void(),
      },
      pong: {
        ...own,
        effect: 'read',
        params: ['nonce'],
        args: s.tuple([s.number()]),
        output: s.void(),
      },
      painted: {
        ...own,
        effect: 'read',
        params: ['scene'],
        args: s.tuple([s.number()]),
        output: s.void(),
      },
      log: {
        ...own,
        effect: 'read',
        params: ['level', 'message', 'data'],
        args: s.tuple([
          s.picklist(['debug', 'info', 'warn', 'error']),
          s.pipe(s.string(), s.maxLength(4000)),
          s.optional(s.unknown()),
        ]),
        output: s.void(),
      },
    },
    events: {
      subscribe: {
        ...own,
        effect: 'read',
        params: ['type'],
        args: s.tuple([subscription]),
        output: s.void(),
      },
      acknowledge: {
        ...own,
        effect: 'read',
        params: ['count'],
        args: s.tuple([s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(1000))]),
        output: s.void(),
      },
      unsubscribe: {
        ...own,
        effect: 'read',
        params: ['type'],
        args: s.tuple([subscription]),
        output: s.void(),
      },
    },
    calls: {
      cancel: {
        ...own,
        effect: 'read',
        params: ['key'],
        args: s.tuple([s.pipe(s.number(), s.integer(), s.minValue(1))]),
        output: s.void(),
      },
    },
    permissions: {
      has: {
        ...own,
        effect: 'read',
        params: ['permission'],
        args: s.tuple([s.pipe(s.string(), s.maxLength(100))]),
        output: s.boolean(),
      },
      request: {
        ...own,
        effect: 'write',
        params: ['permissions', 'reason'],
        args: s.tuple([
          s.pipe(s.array(s.pipe(s.string(), s.maxLength(100))), s.minLength(1), s.maxLength(10)),
          s.pipe(s.string(), s.maxLength(300)),
        ]),
        output: s.array(s.string()),
      },
    },
    state: {
      save: {
        ...own,
        effect: 'write',
        params: ['value', 'options'],
        args: s.tuple([
          s.unknown(),
          s.optional(
            s.strictObject({
              /** Whose state it is: the widget's of this mount, the plugin's where there is none. */
              mount: s.optional(mount),
              /** The last event that is part of the state. */
              cursor: s.optional(s.pipe(s.string(), s.maxLength(64))),
            }),
          ),
        ]),
        output: s.void(),
      },
    },
    ui: {
      mutate: {
        ...own,
        effect: 'read',
        params: ['mount', 'records'],
        args: s.tuple([mount, s.pipe(s.array(s.unknown()), s.maxLength(20_000))]),
        output: s.void(),
      },
      resize: {
        ...own,
        effect: 'read',
        params: ['mount', 'height'],
        args: s.tuple([mount, s.pipe(s.number(), s.finite(), s.minValue(0), s.maxValue(100_000))]),
        output: s.void(),
      },
    },
  },
  events: {},
  slots: {},
})
