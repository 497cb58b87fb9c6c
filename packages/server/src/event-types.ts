import type { DomainDefinition } from '@mortise/contract'
import { toJsonSchema } from '@valibot/to-json-schema'

/** An entry of the event registry, as `GET /api/v1/events/types` lists it. */
export interface EventTypeRecord {
  /** The type, or a wildcard for types that plugins make up. */
  readonly type: string
  /** Of the payload's schema; `null` for types that plugins make up. */
  readonly version: number | null
  readonly domain: string
  readonly summary: string
  /** Permission a plugin needs to receive it, `null` where every plugin may. */
  readonly permission: string | null
  /** JSON Schema of `data`; `null` where it may be anything. */
  readonly data: unknown
}

/** The event types of some domains. */
export function describeEventTypes(domains: readonly DomainDefinition[]): EventTypeRecord[] {
  return domains.flatMap(({ name: domain, events, customEvents = {} }) => [
    ...Object.entries(events).map(([type, { version, summary, permission, data }]) => ({
      type,
      version,
      domain,
      summary,
      permission,
      data: toJsonSchema(data, { errorMode: 'ignore' }),
    })),
    ...Object.entries(customEvents).map(([type, { summary, permission }]) => ({
      type,
      version: null,
      domain,
      summary,
      permission,
      data: null,
    })),
  ])
}
