import { request } from '../api/client.ts'

export type SignatureForm = 'server-monitor' | 'standard-webhooks' | 'both'

/** Where events are posted to. The secret is covered, `null` where there is none. */
export interface Webhook {
  readonly id: number
  readonly name: string
  readonly url: string
  readonly secret: string | null
  readonly event_types: readonly string[]
  readonly enabled: boolean
  readonly retry_max: number
  /** Seconds. */
  readonly timeout: number
  readonly signature: SignatureForm
  readonly public_key: string
  readonly disabled_reason: string | null
  readonly previous_secret_until: string | null
  readonly created_at: string
  readonly updated_at: string
  readonly last_delivery: Pick<
    WebhookAttempt,
    'status' | 'status_code' | 'event_type' | 'delivered_at'
  > | null
  /** Messages that have not ended, and those that were given up. */
  readonly waiting: number
  readonly dead: number
  /** Since when messages are made from the log, not written ahead. */
  readonly behind_since: string | null
  /** Events that left the log before they were sent. */
  readonly lost: number
  readonly lost_at: string | null
}

/** One try to post an event. */
export interface WebhookAttempt {
  readonly id: number
  readonly event_id: string
  readonly event_type: string
  readonly status: 'success' | 'failed' | 'retrying'
  readonly status_code: number | null
  readonly response_body: string | null
  readonly error: string | null
  readonly attempt: number
  readonly delivered_at: string
}

/** What a person can change about a webhook. */
export interface WebhookInput {
  readonly name: string
  readonly url: string
  readonly event_types: readonly string[]
  readonly signature: SignatureForm
  readonly retry_max: number
  readonly timeout: number
}

/** Which messages are sent again. */
export type WebhookReplay =
  | { readonly event_ids: readonly string[] }
  | { readonly state: 'dead' }
  | { readonly since: string }

const at = (id: number, rest = '') => `/webhooks/${id}${rest}`

/** The webhook part of the backend's HTTP interface. */
export const webhooksApi = {
  list: async () => (await request<{ webhooks: readonly Webhook[] }>('GET', '/webhooks')).webhooks,
  create: async (input: WebhookInput & { secret?: string }) =>
    (await request<{ webhook_id: number }>('POST', '/webhooks', input)).webhook_id,
  update: (id: number, input: Partial<WebhookInput> & { enabled?: boolean }) =>
    request<unknown>('PUT', at(id), input),
  remove: (id: number) => request<unknown>('DELETE', at(id)),
  test: (id: number) =>
    request<{ success: boolean; status_code: number | null; error: string | null }>('POST', at(id, '/test')),
  rotate: (id: number) =>
    request<{ secret: string; previous_secret_until: string }>('POST', at(id, '/rotate')),
  replay: (id: number, wanted: WebhookReplay) =>
    request<{ replayed: number }>('POST', at(id, '/deliveries/replay'), wanted),
  dismissLost: (id: number, lostAt: string) =>
    request<unknown>('POST', at(id, '/deliveries/dismiss'), { lost_at: lostAt }),
  deliveries: async (id: number) =>
    (await request<{ deliveries: readonly WebhookAttempt[] }>('GET', at(id, '/deliveries'))).deliveries,
}

/** A secret made here, so that the server's answer need not hold it. */
export function makeSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
}
