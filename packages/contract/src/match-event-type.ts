// Apart from the schemas of events: realms need this and must not load a schema library for it.

/** Whether a subscription covers an event type: the exact type, `*`, or `session.*`. Never a bare prefix. */
export function matchesEventType(subscription: string, eventType: string): boolean {
  if (subscription === '*' || subscription === eventType) return true
  return subscription.endsWith('.*') && eventType.startsWith(subscription.slice(0, -1))
}
