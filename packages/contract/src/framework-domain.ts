import { defineDomain } from './domain.ts'
import { type Schema, s } from './schema.ts'

const text = (characters: number) => s.pipe(s.string(), s.maxLength(characters))
const eventTypes = s.pipe(
  text(128),
  s.regex(/^(\*|[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*(\.\*)?)$/, 'is not an event type or wildcard'),
)
const counted = s.pipe(s.number(), s.integer(), s.minValue(1))
const mount = counted

const nothing = s.void()

/**
 * A method that needs no permission. What it does is said in `framework-summaries.ts`, since pages need none of the
 * words.
 */
function row<const Args extends readonly Schema[], Output extends Schema = typeof nothing>(
  params: readonly string[],
  args: Args,
  output = nothing as unknown as Output,
  effect: 'read' | 'write' = 'read',
) {
  return { summary: '', permission: null, effect, params, args: s.tuple(args), output }
}

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
      ready: row(['widgets'], [s.pipe(s.array(text(64)), s.maxLength(64))]),
      mounted: row(['mount'], [mount]),
      failed: row(
        ['error', 'mount'],
        [
          s.object({
            code: text(64),
            name: text(200),
            message: text(4000),
          }),
          s.optional(mount),
        ],
      ),
      pong: row(['nonce'], [s.number()]),
      painted: row(['scene'], [s.number()]),
      log: row(
        ['level', 'message', 'data'],
        [s.picklist(['debug', 'info', 'warn', 'error']), text(4000), s.optional(s.unknown())],
      ),
    },
    events: {
      subscribe: row(['id', 'type'], [counted, eventTypes]),
      acknowledge: row(['count'], [s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(1000))]),
      unsubscribe: row(['id'], [counted]),
    },
    calls: {
      cancel: row(['key'], [counted]),
    },
    permissions: {
      has: row(['permission'], [text(100)], s.boolean()),
      request: row(
        ['permissions', 'reason'],
        [s.pipe(s.array(text(100)), s.minLength(1), s.maxLength(10)), text(300)],
        s.array(s.string()),
        'write',
      ),
    },
    state: {
      save: row(
        ['value', 'options'],
        [
          s.unknown(),
          s.optional(
            s.strictObject({
              /** Whose state it is: the widget's of this mount, the plugin's where there is none. */
              mount: s.optional(mount),
              /** The last event that is part of the state. */
              cursor: s.optional(text(64)),
            }),
          ),
        ],
        nothing,
        'write',
      ),
    },
    ui: {
      mutate: row(['mount', 'records'], [mount, s.pipe(s.array(s.unknown()), s.maxLength(20_000))]),
      resize: row(
        ['mount', 'height'],
        [mount, s.pipe(s.number(), s.finite(), s.minValue(0), s.maxValue(100_000))],
      ),
    },
  },
  events: {},
  slots: {},
})
