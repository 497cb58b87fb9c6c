import { errorCodes, isMortiseError, MortiseError } from '@mortise/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../config.ts'
import { actorOf } from '../guard-requests.ts'
import { readChanges, readInput, rotateBodySchema } from './endpoint.ts'
import type { Webhooks } from './webhooks.ts'

interface ById {
  readonly Params: { readonly id: string }
}
interface Paged extends ById {
  readonly Querystring: { readonly limit?: string; readonly offset?: string }
}

/** Managed webhooks, at the address of the contract and at ours. Errors have the contract's own form. */
export function routeWebhooks(app: FastifyInstance, webhooks: Webhooks): void {
  for (const at of ['/api/webhooks', '/api/v1/webhooks']) {
    app.register(async (scope) => {
      scope.setErrorHandler((thrown, request, reply) => {
        const error = isMortiseError(thrown) ? thrown : undefined
        const status = error ? errorCodes[error.code].status : statusOf(thrown)
        if (status >= 500) request.log.error({ err: thrown, url: request.url }, 'A request failed')
        return reply.code(status).send({ error: textOf(error, status) })
      })
      routeOne(scope, at, webhooks)
    })
  }
}

function routeOne(app: FastifyInstance, at: string, webhooks: Webhooks): void {
  app.get(at, async (request) => {
    adminOf(request)
    const all = await webhooks.list()
    return { webhooks: all, count: all.length }
  })
  app.post(at, async (request, reply) => {
    const actor = adminOf(request)
    const { name, url } = (request.body ?? {}) as { name?: unknown; url?: unknown }
    if (!name || !url) throw new MortiseError('INPUT_INVALID', 'name and url are required')
    const id = await webhooks.create(readChanges(request.body), actor)
    return reply.code(201).send({ success: true, webhook_id: id })
  })
  app.get<ById>(`${at}/:id`, async (request) => {
    adminOf(request)
    return webhooks.read(idOf(request.params.id))
  })
  app.put<ById>(`${at}/:id`, async (request) => {
    await webhooks.update(idOf(request.params.id), readChanges(request.body), adminOf(request))
    return { success: true }
  })
  app.delete<ById>(`${at}/:id`, async (request) => {
    await webhooks.remove(idOf(request.params.id), adminOf(request))
    return { success: true }
  })
  app.post<ById>(`${at}/:id/test`, async (request) => {
    const outcome = await webhooks.test(idOf(request.params.id), adminOf(request))
    const { ok, eventId, statusCode, error } = outcome
    return { success: ok, event_id: eventId, status_code: statusCode, error }
  })
  app.post<ById>(`${at}/:id/rotate`, async (request) => {
    const actor = adminOf(request)
    const body = readInput(rotateBodySchema, request.body)
    return { success: true, ...(await webhooks.rotate(idOf(request.params.id), body, actor)) }
  })
  app.get<Paged>(`${at}/:id/deliveries`, async (request) => {
    adminOf(request)
    const limit = readCount(request.query.limit, 50, 1, 1000)
    const offset = readCount(request.query.offset, 0, 0, 1_000_000)
    const deliveries = await webhooks.attemptsOf(idOf(request.params.id), limit, offset)
    return { deliveries, count: deliveries.length, limit, offset }
  })
}

function adminOf(request: FastifyRequest): Actor {
  const actor = actorOf(request)
  if (actor.role !== 'admin') throw new MortiseError('FORBIDDEN', 'Admin access required')
  return actor
}

function idOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1
}

function readCount(text: string | undefined, fallback: number, low: number, high: number): number {
  const value = Number(text ?? fallback)
  return Number.isInteger(value) ? Math.min(high, Math.max(low, value)) : fallback
}

function statusOf(thrown: unknown): number {
  const { statusCode } = (thrown ?? {}) as { statusCode?: unknown }
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500
}

function textOf(error: MortiseError | undefined, status: number): string {
  if (error?.code === 'UNAUTHENTICATED') return 'Authentication required'
  if (error && status < 500) return error.message
  return status === 413
    ? 'The body is too large'
    : status < 500
      ? 'The body is not JSON'
      : 'Internal server error'
}
