import { spansBodySchema } from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import { RateLimit } from '../rate-limit.ts'
import { readBody } from '../read-body.ts'
import { readSpanReport, type TraceExport } from './remote-spans.ts'

/** Takes the part that pages had in traces. */
export function routeSpans(
  app: FastifyInstance,
  rooms: {
    readonly traceExport: TraceExport | undefined
    readonly now: () => Date
    hasMethod(name: string): boolean
    hasPlugin(id: string): boolean
  },
): void {
  const limit = new RateLimit({ perSecond: 200, burst: 1000 })
  app.post('/api/v1/spans', async (request, reply) => {
    const { spans } = readBody(spansBodySchema, request.body)
    const { traceExport, now } = rooms
    if (!traceExport) return reply.code(202).send({ kept: 0 })
    limit.take('pages that report spans', spans.length)
    for (const span of spans.map((report) => readSpanReport(report, rooms, now()))) traceExport.record(span)
    return reply.code(202).send({ kept: spans.length })
  })
}
