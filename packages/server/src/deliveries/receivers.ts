import type { LifecycleEvent, Manifest } from '@mortise/contract'

/** Who gets a delivery of an event. */
export interface Receiver {
  readonly id: string
  /** Deliveries of one receiver with the same key are tried one after the other, in the order of the log. */
  readonly orderKey: string | undefined
}

/** Decides who gets a delivery of an event. */
export type FindReceivers = (event: LifecycleEvent) => readonly Receiver[]

const longestKey = 200

/** What a plugin's `deliveries.orderBy` finds in an event. What it does not find keeps no order. */
export function orderKeyOf(
  orderBy: NonNullable<Manifest['deliveries']>['orderBy'],
  event: LifecycleEvent,
): string | undefined {
  if (orderBy === undefined) return undefined
  if (orderBy === '*') return '*'
  let value: unknown = event
  for (const token of orderBy.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return `=${value}`.slice(0, longestKey)
}
