import {
  type DomainDefinition,
  type LifecycleEvent,
  maySeeEvent,
  type NotificationRecord,
  notificationType,
  ownerOfEvent,
} from '@mortise/contract'
import type { Actor } from '../config.ts'

/** An event as a person may see it, `undefined` where they may not. */
export type ShowEvent = (event: LifecycleEvent) => LifecycleEvent | undefined

const everything: ShowEvent = (event) => event

/** What a person may see of what happens. Only events of the host's domains ask for permissions. */
export function showEventsTo(actor: Actor, domains: readonly DomainDefinition[]): ShowEvent {
  if (actor.role === 'admin') return everything
  const granted = new Set(actor.permissions)
  return (event) => {
    const { event_type: type, user_id, data } = event
    if (type === notificationType) {
      const to = (data as Partial<NotificationRecord> | undefined)?.to
      return to === '*' || to === actor.id ? event : undefined
    }
    if (type === 'theme.changed') return user_id === actor.id ? event : undefined
    if (type.startsWith('plugin.') && ownerOfEvent(type) === undefined) return withoutDetails(event)
    return maySeeEvent(domains, event, granted) ? event : undefined
  }
}

/** Pages need to know which plugin changed, not what an administrator did to it or why it failed. */
function withoutDetails(event: LifecycleEvent): LifecycleEvent {
  const { plugin } = (event.data ?? {}) as { plugin?: unknown }
  return {
    ...event,
    user_id: null,
    username: '',
    ip: null,
    user_agent: null,
    meta: {},
    data: { plugin },
  }
}
