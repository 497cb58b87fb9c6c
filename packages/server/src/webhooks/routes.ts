import { errorCodes, isMortiseError, MortiseError } from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import { actorOf } from '../guard-requests.ts'
import {
  readChanges,
  readInput,
  rotateBodySchema,
  webhookDismissSchema,
  webhookReplaySchema,
} from './endpoint.ts'
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
  app.get(at, async () => {
    const all = await webhooks.list()
    return { webhooks: all, count: all.length }
  })
  app.post(at, async (request, reply) => {
    const actor = actorOf(request)
    const { name, url } = (request.body ?? {}) as { name?: unknown; url?: unknown }
    if (!name || !url) throw new MortiseError('INPUT_INVALID', 'name and url are required')
    const id = await webhooks.create(readChanges(request.body), actor)
    return reply.code(201).send({ success: true, webhook_id: id })
  })
  app.get<ById>(`${at}/:id`, async (request) => {
    return webhooks.read(idOf(request.params.id))
  })
  app.put<ById>(`${at}/:id`, async (request) => {
    await webhooks.update(idOf(request.params.id), readChanges(request.body), actorOf(request))
    return { success: true }
  })
  app.delete<ById>(`${at}/:id`, async (request) => {
    await webhooks.remove(idOf(request.params.id), actorOf(request))
    return { success: true }
  })
  app.post<ById>(`${at}/:id/test`, async (request) => {
    const outcome = await webhooks.test(idOf(request.params.id), actorOf(request))
    const { ok, eventId, statusCode, error } = outcome
    return { success: ok, event_id: eventId, status_code: statusCode, error }
  })
  app.post<ById>(`${at}/:id/rotate`, async (request) => {
    const actor = actorOf(request)
    const body = readInput(rotateBodySchema, request.body)
    return { success: true, ...(await webhooks.rotate(idOf(request.params.id), body, actor)) }
  })
  app.post<ById>(`${at}/:id/deliveries/dismiss`, async (request) => {
    const { lost_at: lostAt } = readInput(webhookDismissSchema, request.body)
    await webhooks.dismissLost(idOf(request.params.id), lostAt, actorOf(request))
    return { success: true }
  })
  app.post<ById>(`${at}/:id/deliveries/replay`, async ({ params, body }, reply) => {
    const result = await webhooks.replay(idOf(params.id), readInput(webhookReplaySchema, body))
    return reply.code(202).send({ success: true, ...result })
  })
  app.get<Paged>(`${at}/:id/deliveries`, async (request) => {
    const limit = readCount(request.query.limit, 50, 1, 1000)
    const offset = readCount(request.query.offset, 0, 0, 1_000_000)
    const deliveries = await webhooks.attemptsOf(idOf(request.params.id), limit, offset)
    return { deliveries, count: deliveries.length, limit, offset }
  })
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
  if (error?.code === 'ADMIN_REQUIRED') return 'Admin access required'
  if (error && status < 500) return error.message
  return status === 413
    ? 'The body is too large'
    : status < 500
      ? 'The body is not JSON'
      : 'Internal server error'
}
