import type { BacklogState } from '@mortise/contract'
import type { Database } from '../database.ts'
import type { Deliveries } from '../deliveries/deliveries.ts'
import { countDead } from '../deliveries/delivery-rows.ts'
import type { AttemptLog } from './attempts.ts'
import { type Endpoint, toRecord, type WebhookRecord } from './endpoint.ts'
import { receiverName } from './receiver.ts'

/** Endpoints as the API shows them, with how their messages stand. */
export async function readRecords(
  endpoints: readonly Endpoint[],
  rooms: {
    readonly database: Database
    readonly attempts: AttemptLog
    readonly deliveries: Deliveries
    readonly now: Date
    readBacklog(receiver: string): BacklogState
  },
): Promise<WebhookRecord[]> {
  const ids = endpoints.map(({ id }) => id)
  const last = await rooms.attempts.newestOf(ids)
  const dead = await countDead(rooms.database, ids.map(receiverName))
  return endpoints.map((endpoint) => {
    const receiver = receiverName(endpoint.id)
    const { behindSince, lost, lostAt } = rooms.readBacklog(receiver)
    const depth = {
      waiting: rooms.deliveries.waitingOf(receiver),
      dead: dead.get(receiver) ?? 0,
      behind_since: behindSince,
      lost,
      lost_at: lostAt,
    }
    return toRecord(endpoint, last.get(endpoint.id), depth, rooms.now.getTime())
  })
}
