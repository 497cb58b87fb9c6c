import { type Infer, type InferInput, s } from './schema.ts'

/** `session.created`: lower-case words of letters, digits, `_` or `-`, joined by dots. */
export const eventTypePattern = /^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$/

export const severities = ['info', 'warning', 'error', 'critical'] as const

/**
 * What the server says happened, in the unified form (key order is part of the
 * contract: signed bodies are printed in it).
 */
export const lifecycleEventSchema = s.object({
  event_id: s.pipe(s.string(), s.minLength(1), s.maxLength(128)),
  event_type: s.pipe(s.string(), s.maxLength(128), s.regex(eventTypePattern, 'is not an event type')),
  timestamp: s.pipe(s.string(), s.isoTimestamp('is not an ISO 8601 time')),
  user_id: s.nullable(s.union([s.number(), s.string()])),
  username: s.string(),
  server_id: s.nullable(s.union([s.number(), s.string()])),
  server_name: s.string(),
  target_type: s.string(),
  target_id: s.string(),
  action: s.string(),
  meta: s.dictionary(s.unknown()),
  ip: s.nullable(s.string()),
  user_agent: s.nullable(s.string()),
  severity: s.picklist(severities),
  /** Payload of the domain's event type, such as the session that changed. */
  data: s.optional(s.unknown()),
})

/** A lifecycle event as it is stored and sent. */
export type LifecycleEvent = Infer<typeof lifecycleEventSchema>

/** The body of `POST /api/v1/events`: only `event_type` is required. */
export const publishedEventSchema = s.strictObject({
  ...lifecycleEventSchema.entries,
  event_id: s.optional(lifecycleEventSchema.entries.event_id),
  timestamp: s.optional(lifecycleEventSchema.entries.timestamp),
  user_id: s.optional(lifecycleEventSchema.entries.user_id, null),
  username: s.optional(s.string(), ''),
  server_id: s.optional(lifecycleEventSchema.entries.server_id, null),
  server_name: s.optional(s.string(), ''),
  target_type: s.optional(s.string(), ''),
  target_id: s.optional(s.string(), ''),
  action: s.optional(s.string()),
  meta: s.optional(s.dictionary(s.unknown()), {}),
  ip: s.optional(s.nullable(s.string()), null),
  user_agent: s.optional(s.nullable(s.string()), null),
  severity: s.optional(s.picklist(severities), 'info'),
})

export type PublishedEvent = InferInput<typeof publishedEventSchema>

/** Fills in what a publisher left out. `action` defaults to the type with `_` for `.`. */
export function completeEvent(
  event: Infer<typeof publishedEventSchema>,
  { id, now }: { id: string; now: Date },
): LifecycleEvent {
  // In the order of the contract, whatever the order of the publisher was.
  return {
    event_id: event.event_id ?? id,
    event_type: event.event_type,
    timestamp: event.timestamp ?? now.toISOString(),
    user_id: event.user_id,
    username: event.username,
    server_id: event.server_id,
    server_name: event.server_name,
    target_type: event.target_type,
    target_id: event.target_id,
    action: event.action ?? event.event_type.replaceAll('.', '_'),
    meta: event.meta,
    ip: event.ip,
    user_agent: event.user_agent,
    severity: event.severity,
    ...(event.data === undefined ? {} : { data: event.data }),
  }
}

/** `session.state_changed` → `onSessionStateChanged`: the method a plugin defines to receive the type. */
export function handlerName(eventType: string): string {
  return `on${pascalCase(eventType)}`
}

/** `session.created` → `filterSessionCreated`: the method a plugin defines to pass, change or drop the type. */
export function filterName(eventType: string): string {
  return `filter${pascalCase(eventType)}`
}

function pascalCase(eventType: string): string {
  return eventType
    .split(/[._-]/)
    .filter(Boolean)
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join('')
}
