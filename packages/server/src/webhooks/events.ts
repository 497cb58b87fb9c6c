import type { LifecycleEvent, PublishedEvent } from '@mortise/contract'
import type { Actor } from '../config.ts'

interface Named {
  readonly id: number
  readonly name: string
}

const system: Actor = { id: 'mortise', name: 'Mortise', role: 'admin' }

/** Says that somebody made, changed or deleted a webhook. */
export function aboutWebhook(eventType: string, { id, name }: Named, actor: Actor): PublishedEvent {
  return {
    event_type: eventType,
    user_id: actor.id,
    username: actor.name,
    target_type: 'webhook',
    target_id: String(id),
    meta: { webhook_name: name },
  }
}

/** Says that a message was given up, and whether the webhook was disabled for it. */
export function failedEvent(webhook: Named, message: LifecycleEvent, disabled: boolean): PublishedEvent {
  return {
    ...aboutWebhook('webhook.failed', webhook, system),
    severity: 'warning',
    meta: {
      webhook_name: webhook.name,
      event_id: message.event_id,
      event_type: message.event_type,
      disabled,
    },
  }
}

/** What the test button sends. It is in no log of events. */
export function testEvent(
  webhook: Named & { readonly url: string },
  actor: Actor,
  { id, now }: { readonly id: string; readonly now: Date },
): LifecycleEvent {
  return {
    event_id: id,
    event_type: 'webhook.test',
    timestamp: now.toISOString(),
    user_id: actor.id,
    username: actor.name,
    server_id: null,
    server_name: '',
    target_type: 'webhook',
    target_id: String(webhook.id),
    action: 'webhook_test',
    meta: {
      webhook_name: webhook.name,
      webhook_url: webhook.url,
      test_message: 'This is a test webhook delivery from Server Monitor',
    },
    ip: null,
    user_agent: null,
    severity: 'info',
  }
}
