import { isMortiseError, type LifecycleEvent } from '@mortise/contract'
import { createGuardedFetch } from '@mortise/isolate'
import type { Tracing } from '../tracing/tracing.ts'
import { portOf } from './check-url.ts'
import { type Endpoint, scrub } from './endpoint.ts'
import { printEvent } from './print-event.ts'
import { signBody, signStandard, signStandardAsymmetric } from './sign.ts'

type Agent = NonNullable<Parameters<typeof createGuardedFetch>[0]['agent']>

/** How one attempt ended. */
export interface Outcome {
  readonly ok: boolean
  /** Trying again would not help. */
  readonly final: boolean
  readonly statusCode: number | null
  readonly responseBody: string | null
  readonly error: string | null
}

export interface SendOptions {
  readonly agent: Agent
  readonly allowPrivateHosts: readonly string[]
  readonly signal: AbortSignal
  readonly now: Date
  readonly tracing: Tracing
}

/** Largest body in either direction, in bytes. */
const bodyBytes = 1024 * 1024
const keptCharacters = 1000

/** Posts an event to an endpoint once. What goes wrong is in the outcome. */
export async function sendEvent(
  endpoint: Endpoint,
  event: LifecycleEvent,
  options: SendOptions,
): Promise<Outcome> {
  const url = new URL(endpoint.url)
  const request = createGuardedFetch({
    allowedHosts: [`${url.hostname}:${portOf(url)}`],
    allowPrivateHosts: options.allowPrivateHosts,
    timeoutMs: endpoint.timeout * 1000,
    bodyBytes,
    agent: options.agent,
    hostHeaders: () => options.tracing.headers(),
  })
  try {
    const body = bodyOf(endpoint, event)
    const attributes = {
      'http.request.method': 'POST',
      'server.address': url.host,
      'mortise.webhook': endpoint.id,
    }
    const response = await options.tracing.run('webhook send', { kind: 'CLIENT', attributes }, () =>
      request(url, {
        method: 'POST',
        headers: headersOf(endpoint, event, body, options.now),
        body,
        redirect: 'manual',
        signal: options.signal,
      }),
    )
    return readOutcome(endpoint, response.status, await response.text())
  } catch (thrown) {
    const message = isMortiseError(thrown) ? thrown.message : 'The message could not be printed'
    const final = !isMortiseError(thrown) || thrown.code !== 'FETCH_FAILED'
    return { ok: false, final, statusCode: null, responseBody: null, error: scrub(endpoint, message) }
  }
}

function readOutcome(endpoint: Endpoint, status: number, text: string): Outcome {
  const redirects = status >= 300 && status < 400
  return {
    ok: status < 300,
    final: status < 500,
    statusCode: status,
    responseBody: scrub(endpoint, text).slice(0, keptCharacters),
    error: redirects
      ? `HTTP ${status}: the receiver redirects. Enter the address it redirects to.`
      : status >= 400
        ? `HTTP ${status}`
        : null,
  }
}

/** With `X-SM-*` headers as Python prints it, else compact. Signatures are over what is sent. */
export function bodyOf({ signature }: Pick<Endpoint, 'signature'>, event: LifecycleEvent): string {
  return signature === 'standard-webhooks' ? JSON.stringify(event) : printEvent(event)
}

export function headersOf(
  endpoint: Endpoint,
  event: LifecycleEvent,
  body: string,
  now: Date,
): Record<string, string> {
  const overlaps = endpoint.previous_until !== null && endpoint.previous_until > now.getTime()
  const previousSecret = overlaps ? endpoint.previous_secret : null
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': 'ServerMonitor-Webhook/2.3.0',
  }
  if (endpoint.signature !== 'standard-webhooks') {
    headers['X-SM-Event-Id'] = headerText(event.event_id)
    headers['X-SM-Event-Type'] = event.event_type
    if (endpoint.secret !== null) headers['X-SM-Signature'] = signBody(endpoint.secret, body)
    if (previousSecret !== null) headers['X-SM-Signature-Previous'] = signBody(previousSecret, body)
  }
  if (endpoint.signature !== 'server-monitor') {
    const message = {
      id: headerText(event.event_id),
      timestamp: Math.floor(now.getTime() / 1000),
      body,
    }
    const secrets = [endpoint.secret, previousSecret].filter((secret) => secret !== null)
    const keys = [endpoint.signing_key, overlaps ? endpoint.previous_signing_key : null].filter(
      (key) => key !== null,
    )
    headers['webhook-id'] = message.id
    headers['webhook-timestamp'] = String(message.timestamp)
    headers['webhook-signature'] = [
      ...secrets.map((secret) => signStandard(secret, message)),
      ...keys.map((key) => signStandardAsymmetric(key, message)),
    ].join(' ')
  }
  return headers
}

/** Publishers choose event ids; a header takes printable ASCII only. */
function headerText(id: string): string {
  return /^[\x21-\x7e]+$/.test(id) ? id : encodeURIComponent(id.toWellFormed())
}
