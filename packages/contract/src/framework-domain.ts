import { defineDomain } from './domain.ts'
import { s } from './schema.ts'

const subscription = s.pipe(
  s.string(),
  s.maxLength(128),
  s.regex(/^(\*|[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*(\.\*)?)$/, 'is not an event type or wildcard'),
)
const mount = s.pipe(s.number(), s.integer(), s.minValue(1))

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
        summary: 'Says that the plugin is loaded and which widgets it can draw.',
        permission: null,
        effect: 'read',
        params: ['widgets'],
        args: s.tuple([s.pipe(s.array(s.pipe(s.string(), s.maxLength(64))), s.maxLength(64))]),
        output: s.void(),
      },
      mounted: {
        summary: 'Says that a widget has drawn itself for the first time.',
        permission: null,
        effect: 'read',
        params: ['mount'],
        args: s.tuple([mount]),
        output: s.void(),
      },
      failed: {
        summary: 'Says that loading the plugin or drawing a widget threw.',
        permission: null,
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
        summary: 'Answers a ping, so that the host sees the realm is alive.',
        permission: null,
        effect: 'read',
        params: ['nonce'],
        args: s.tuple([s.number()]),
        output: s.void(),
      },
      log: {
        summary: "Writes a line to the plugin's log.",
        permission: null,
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
        summary: 'Starts sending the lifecycle events of a type, or of a wildcard, that the grants allow.',
        permission: null,
        effect: 'read',
        params: ['type'],
        args: s.tuple([subscription]),
        output: s.void(),
      },
      acknowledge: {
        summary: 'Says how many more events the plugin is done with, so that the host sends others.',
        permission: null,
        effect: 'read',
        params: ['count'],
        args: s.tuple([s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(1000))]),
        output: s.void(),
      },
      unsubscribe: {
        summary: 'Stops sending the lifecycle events of a type.',
        permission: null,
        effect: 'read',
        params: ['type'],
        args: s.tuple([subscription]),
        output: s.void(),
      },
    },
    calls: {
      cancel: {
        summary:
          'Cancels an unanswered call by its key. Of a key that is unknown or answered nothing is cancelled.',
        permission: null,
        effect: 'read',
        params: ['key'],
        args: s.tuple([s.pipe(s.number(), s.integer(), s.minValue(1))]),
        output: s.void(),
      },
    },
    permissions: {
      has: {
        summary: 'Tells whether a permission is granted now.',
        permission: null,
        effect: 'read',
        params: ['permission'],
        args: s.tuple([s.pipe(s.string(), s.maxLength(100))]),
        output: s.boolean(),
      },
      request: {
        summary:
          'Asks the person at the screen for permissions that the manifest declares. Answers those of them that are granted then.',
        permission: null,
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
        summary: 'Keeps a value that is handed back when the plugin has to start again.',
        permission: null,
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
        summary: 'Changes the component tree of a mounted widget.',
        permission: null,
        effect: 'read',
        params: ['mount', 'records'],
        args: s.tuple([mount, s.pipe(s.array(s.unknown()), s.maxLength(20_000))]),
        output: s.void(),
      },
      resize: {
        summary: "Says how tall a frame widget's content is, in CSS pixels.",
        permission: null,
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
