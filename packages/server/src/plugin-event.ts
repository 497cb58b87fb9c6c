import type { PublishedEvent } from '@mortise/contract'
import type { Actor } from './config.ts'

/** An event about a plugin, for the log of events. */
export function pluginEvent(
  eventType: string,
  id: string,
  actor: Actor,
  data: Readonly<Record<string, unknown>> = {},
): PublishedEvent {
  return {
    event_type: eventType,
    username: actor.name,
    user_id: actor.id,
    target_type: 'plugin',
    target_id: id,
    data: { plugin: id, ...data },
  }
}
