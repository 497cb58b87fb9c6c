import { deliveryStates, dismissBodySchema, type ReplayBody, replayBodySchema } from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import { parseCursor } from '../cursor.ts'
import { actorOf } from '../guard-requests.ts'
import { pluginEvent } from '../plugin-event.ts'
import type { PluginManager } from '../plugin-manager.ts'
import type { PluginRecords } from '../plugin-records.ts'
import { readBody } from '../read-body.ts'
import { readPicked, readWhole, refuse } from '../read-query.ts'
import type { Transact } from '../transact.ts'
import type { Behind } from './behind.ts'
import { dismissLost } from './dismiss.ts'
import { type ReplayRooms, replay } from './replay.ts'

type ById = { Params: { id: string } }
type Listed = ById & { Querystring: { state?: string; before?: string; limit?: string } }

const states = deliveryStates.filter((state) => state !== 'running')

/** Deliveries of a plugin, under `/api/v1/plugins/:id/deliveries`. */
export function routeDeliveries(
  app: FastifyInstance,
  rooms: ReplayRooms & {
    readonly plugins: PluginManager
    readonly records: PluginRecords
    readonly behind: Behind
    readonly transact: Transact
  },
): void {
  const at = '/api/v1/plugins/:id/deliveries'
  const { plugins, records, deliveries, behind, transact } = rooms
  const replayOf = (id: string, wanted: ReplayBody) =>
    replay(rooms, { id, receive: (event) => plugins.receiverOf(id, event) }, wanted)

  app.get<Listed>(at, async ({ params, query }) => {
    const { id } = records.get(params.id)
    const { state, before, limit } = query
    const page = await deliveries.list(id, {
      state: readPicked('state', state, states),
      before: readCursor(before),
      limit: readWhole('limit', limit, { fallback: 100, low: 1, high: 1000 }),
    })
    return { ...page, backlog: behind.read(id) }
  })

  app.post<ById>(`${at}/dismiss`, async (request) => {
    const { id } = records.get(request.params.id)
    const { lostAt } = readBody(dismissBodySchema, request.body)
    await dismissLost(transact, id, lostAt, (lost) =>
      pluginEvent('plugin.loss_dismissed', id, actorOf(request), { lost }),
    )
    return { backlog: behind.read(id) }
  })

  app.post<ById>(`${at}/replay`, async ({ params, body }, reply) => {
    const { id } = records.get(params.id)
    return reply.code(202).send(await replayOf(id, readBody(replayBodySchema, body)))
  })

  app.post<{ Params: { id: string; delivery: string } }>(
    `${at}/:delivery/replay`,
    async ({ params }, reply) => {
      const { id } = records.get(params.id)
      const delivery = /^\d{1,15}$/.test(params.delivery) ? Number(params.delivery) : -1
      return reply.code(202).send(await replayOf(id, { ids: [delivery] }))
    },
  )
}

function readCursor(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const cursor = parseCursor(text)
  if (cursor !== undefined) return cursor
  throw refuse('before', 'must be a cursor.')
}
