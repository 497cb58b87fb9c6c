import { eventTypePattern, type Infer, MortiseError, parse, s } from '@mortise/contract'
import type { Selectable } from 'kysely'
import { redacted } from '../redact.ts'
import { publicKeyOf } from './sign.ts'
import { signatureForms, type WebhookTables } from './tables.ts'

/** Where events go, as the database holds it. */
export type Endpoint = Selectable<WebhookTables['mortise_webhook']> & { readonly types: readonly string[] }

/** How the last attempt went. */
export interface LastDelivery {
  readonly status: string
  readonly status_code: number | null
  readonly event_type: string
  readonly delivered_at: string
}

/** An endpoint as the API shows it, its secret covered. */
export interface WebhookRecord {
  readonly id: number
  readonly name: string
  readonly url: string
  readonly secret: string | null
  readonly event_types: readonly string[]
  readonly enabled: boolean
  readonly retry_max: number
  readonly timeout: number
  readonly signature: string
  readonly public_key: string
  readonly disabled_reason: string | null
  readonly previous_secret_until: string | null
  readonly created_by: string
  readonly created_at: string
  readonly updated_at: string
  readonly last_delivery: LastDelivery | null
  /** Messages that have not ended, and those that were given up. */
  readonly waiting: number
  readonly dead: number
  /** Since when so much waits that messages are made from the log, not written ahead. */
  readonly behind_since: string | null
  /** Events that the log dropped before they were sent. */
  readonly lost: number
  readonly lost_at: string | null
}

const wildcardPattern = /^(\*|[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*\.\*)$/
const isType = (text: string) => eventTypePattern.test(text) || wildcardPattern.test(text)
const whole = (low: number, high: number) =>
  s.pipe(
    s.number(),
    s.check(
      (value: number) => Number.isInteger(value) && value >= low && value <= high,
      `must be a whole number from ${low} to ${high}`,
    ),
  )
const secretSchema = s.pipe(s.string(), s.minLength(8), s.maxLength(512))

/** What can be changed about an endpoint. */
export const webhookChangesSchema = s.object({
  name: s.optional(s.pipe(s.string(), s.minLength(1), s.maxLength(200))),
  url: s.optional(s.pipe(s.string(), s.maxLength(2048))),
  /** `null` takes it away; the covered form leaves it as it is. */
  secret: s.optional(s.nullable(s.union([s.literal(''), secretSchema]))),
  event_types: s.optional(
    s.pipe(
      s.array(s.pipe(s.string(), s.maxLength(128), s.check(isType, 'is not an event type or a wildcard'))),
      s.maxLength(100),
    ),
  ),
  retry_max: s.optional(whole(1, 10)),
  timeout: s.optional(whole(1, 60)),
  enabled: s.optional(s.boolean()),
  signature: s.optional(s.picklist(signatureForms)),
})
export type WebhookChanges = Infer<typeof webhookChangesSchema>

export const rotateBodySchema = s.object({
  /** Made by the server where not given. */
  secret: s.optional(secretSchema),
  /** How long the old secret signs too, in seconds. A day where not given. */
  grace_seconds: s.optional(whole(0, 30 * 24 * 3600), 24 * 3600),
})

const eventId = s.pipe(s.string(), s.minLength(1), s.maxLength(128))
const cursor = s.pipe(s.string(), s.regex(/^\d{1,15}$/, 'is not a cursor'))

/** Which messages start over: by event, those that were given up, a range of the log, or all since an event. */
export const webhookReplaySchema = s.union(
  [
    s.strictObject({ event_ids: s.pipe(s.array(eventId), s.minLength(1), s.maxLength(1000)) }),
    s.strictObject({ state: s.literal('dead') }),
    s.strictObject({ since: eventId }),
    s.strictObject({ from: cursor, to: s.optional(cursor) }),
  ],
  'must be {"event_ids": [...]}, {"state": "dead"}, {"since": "<event id>"} or {"from": "<cursor>", "to": "<cursor>"}',
)
export type WebhookReplay = Infer<typeof webhookReplaySchema>

/** When the newest loss was that the person saw. */
export const webhookDismissSchema = s.strictObject({ lost_at: s.pipe(s.string(), s.isoTimestamp()) })

/** @throws `INPUT_INVALID` with one sentence that names the field. */
export function readChanges(body: unknown): WebhookChanges {
  return readInput(webhookChangesSchema, body)
}

export function readInput<
  S extends
    | typeof webhookChangesSchema
    | typeof rotateBodySchema
    | typeof webhookDismissSchema
    | typeof webhookReplaySchema,
>(schema: S, body: unknown): Infer<S> {
  const parsed = parse(schema, body ?? {})
  if (parsed.ok) return parsed.value
  const [issue] = parsed.issues
  const field = issue?.pointer.slice(1).replaceAll('/', '.') || 'The body'
  throw new MortiseError('INPUT_INVALID', `${field} ${issue?.message ?? 'is not valid'}`)
}

export function toEndpoint(row: Selectable<WebhookTables['mortise_webhook']>): Endpoint {
  return { ...row, types: JSON.parse(row.event_types) as string[] }
}

export function toRecord(
  endpoint: Endpoint,
  last: LastDelivery | undefined,
  depth: Pick<WebhookRecord, 'waiting' | 'dead' | 'behind_since' | 'lost' | 'lost_at'>,
  now: number,
): WebhookRecord {
  const { previous_until: until } = endpoint
  return {
    id: endpoint.id,
    name: endpoint.name,
    url: endpoint.url,
    secret: endpoint.secret === null ? null : redacted,
    event_types: endpoint.types,
    enabled: endpoint.enabled === 1,
    retry_max: endpoint.retry_max,
    timeout: endpoint.timeout,
    signature: endpoint.signature,
    public_key: publicKeyOf(endpoint.signing_key),
    disabled_reason: endpoint.disabled_reason,
    previous_secret_until: until !== null && until > now ? new Date(until).toISOString() : null,
    created_by: endpoint.created_by,
    created_at: endpoint.created_at,
    updated_at: endpoint.updated_at,
    last_delivery: last ?? null,
    ...depth,
  }
}

/** A text without the endpoint's secrets: a receiver may answer with what it knows. */
export function scrub(endpoint: Endpoint, text: string): string {
  return [endpoint.secret, endpoint.previous_secret]
    .filter((secret) => secret !== null)
    .reduce((clean, secret) => clean.replaceAll(secret, redacted), text)
}
