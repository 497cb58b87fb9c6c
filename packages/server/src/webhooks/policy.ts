import type { DeliveryPolicy } from '../deliveries/policy.ts'
import type { Endpoint } from './endpoint.ts'

/** How messages to an endpoint are tried. */
export function policyOf(endpoint: Endpoint | undefined, firstWaitMs = 1000): DeliveryPolicy {
  const waitsMs = Array.from({ length: (endpoint?.retry_max ?? 1) - 1 }, (_, index) => {
    const wait = firstWaitMs * 2 ** index
    // The first three are fixed by the contract; later ones spread, so that many do not come back at once.
    return index < 3 ? wait : wait * (1 + Math.random() * 0.25)
  })
  // After a row of failures one message at a time shows how the receiver is.
  return { waitsMs, concurrency: endpoint && endpoint.dead_streak > 0 ? 1 : 4 }
}
