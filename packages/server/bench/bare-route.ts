// The same route in Fastify alone: it reads the body and answers, checks nothing and stores nothing.
import { randomUUID } from 'node:crypto'
import { fastify } from 'fastify'

const app = fastify()
app.post('/api/v1/events', async (_request, reply) => reply.code(202).send({ event_id: randomUUID() }))
await app.listen({ port: 0, host: 'localhost' })
process.send?.({ url: `http://localhost:${(app.server.address() as { port: number }).port}` })
