import type { FastifyInstance, FastifyRequest } from 'fastify'
import { maybeActorOf } from '../guard-requests.ts'
import type { OpenSpan, Tracing } from './tracing.ts'

/** Requests that are traced: those that do something, not files and probes. */
const traced = /^\/(api|plugins)\//
/** Addresses that would trace the tracing. */
const untraced = new Set(['/api/v1/spans'])

/**
 * Opens a span for each request. It belongs to the trace that a signed-in sender
 * names; what anybody else sends is not read. The answer names it (`traceresponse`),
 * by which the console knows that it is to report its own part.
 */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  if (!tracing.isOn) return
  const spans = new WeakMap<FastifyRequest['raw'], OpenSpan>()

  app.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.url
    if (route === undefined || !traced.test(route) || untraced.has(route)) return
    const { traceparent } = request.headers
    const span = tracing.open(`${request.method} ${route}`, {
      kind: 'SERVER',
      parent: maybeActorOf(request) && typeof traceparent === 'string' ? traceparent : null,
      attributes: { 'http.request.method': request.method, 'http.route': route },
    })
    if (!span) return
    spans.set(request.raw, span)
    reply.header('traceresponse', span.traceparent)
  })

  // Not before: the body arrives in the asynchronous context of its connection.
  app.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request.raw)
    if (span) span.within(done)
    else done()
  })

  app.addHook('onResponse', async (request, reply) => {
    const { statusCode } = reply
    spans.get(request.raw)?.end({ 'http.response.status_code': statusCode }, statusCode >= 500)
  })
}
