import { type LifecycleEvent, matchesEventType } from '@mortise/contract'
import type { Receiver } from '../deliveries/receivers.ts'
import type { Endpoint } from './endpoint.ts'

const prefix = 'webhook:'
/** Events about messages make no messages: an endpoint that fails would feed itself. */
const silentTypes = new Set(['webhook.delivered', 'webhook.failed'])

/** Under which name the messages of a webhook are kept, beside the deliveries of plugins; `%` for a pattern of all. */
export function receiverName(id: number | '%'): string {
  return `${prefix}${id}`
}

/** The webhook that a receiver of deliveries is, `undefined` for a plugin. */
export function webhookOf(receiver: string): number | undefined {
  return receiver.startsWith(prefix) ? Number(receiver.slice(prefix.length)) : undefined
}

/** An endpoint as it takes an event, on or off; `undefined` where its types do not cover it. */
export function toReceiver(
  { id, types }: Pick<Endpoint, 'id' | 'types'>,
  { event_type: type }: LifecycleEvent,
): Receiver | undefined {
  const isCovered = types.length === 0 || types.some((subscription) => matchesEventType(subscription, type))
  return isCovered && !silentTypes.has(type) ? { id: receiverName(id), orderKey: undefined } : undefined
}
