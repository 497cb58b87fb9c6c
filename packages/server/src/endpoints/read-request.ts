import type { PluginRequest } from '@mortise/isolate'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../config.ts'

/** Headers that a plugin sees. */
const passed = new Set([
  'accept',
  'accept-language',
  'content-language',
  'content-type',
  'date',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'last-event-id',
  'origin',
  'traceparent',
  'user-agent',
])
/** What senders of webhooks name their signatures and ids, and headers of a caller's own. */
const passedPattern = /^(x-|webhook-)|-signature(-[a-z0-9]+)?$/
/** Headers in which proxies and gateways say who a person is or where they come from. */
const neverPassed =
  /^(cookie2?|authorization|proxy-.*|x-(forwarded|real|client|original|amzn|goog|ms|auth|authenticated|remote|user|session|csrf|xsrf)\b.*)$/
/** Query parameters in which clients of the host carry its token. */
const hiddenQuery = new Set(['access_token', 'accesstoken', 'ticket'])

/** A request as the plugin may see it. What is not listed here does not exist for it. */
export function toPluginRequest(
  request: FastifyRequest,
  path: string,
  params: Readonly<Record<string, string>>,
  actor: Actor | undefined,
  ticket: string | undefined,
): PluginRequest {
  const { method, body } = request
  return {
    method: method === 'HEAD' ? 'GET' : method,
    path,
    params,
    query: readQuery(request.url),
    headers: readHeaders(request.headers),
    authenticated: actor !== undefined,
    ...(actor ? { user: { id: actor.id, name: actor.name, role: actor.role } } : {}),
    ...(ticket === undefined ? {} : { ticket }),
    remoteAddress: request.ip,
    body: Buffer.isBuffer(body) ? body : undefined,
  }
}

function readQuery(url: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(url.split('?').slice(1).join('?'))) {
    if (!hiddenQuery.has(name.toLowerCase()) && !(name in query)) query[name] = value
  }
  return query
}

function readHeaders(headers: FastifyRequest['headers']): Record<string, string> {
  const seen: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    const isPassed = (passed.has(name) || passedPattern.test(name)) && !neverPassed.test(name)
    if (isPassed && value !== undefined) seen[name] = Array.isArray(value) ? (value[0] ?? '') : value
  }
  return seen
}
