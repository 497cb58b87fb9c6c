import { s } from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import { readBody } from '../read-body.ts'
import type { RingInput, Rings } from './rings.ts'

const inputSchema = s.strictObject({
  body: s.unknown(),
  metadata: s.optional(s.dictionary(s.unknown())),
  session_id: s.optional(s.pipe(s.string(), s.maxLength(256))),
})

/** Rings for hosts whose server is another process. A block is an answer, not a failed request. */
export function routeRings(app: FastifyInstance, rings: Rings): void {
  app.post<{ Params: { ring: string } }>('/api/v1/rings/:ring', async (request) =>
    rings.run(request.params.ring, readBody(inputSchema, request.body) as RingInput),
  )
  app.get('/api/v1/rings/stats', async () => rings.stats())
}
