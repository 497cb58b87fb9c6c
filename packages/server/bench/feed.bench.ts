// The feed against `ws` alone: the same frames to as many clients, and a client that comes back after 5,000 events.
import type { ClientsOrder } from './clients.ts'
import { type Running, type RunningServer, run, serve, token, toRow } from './processes.ts'

const rounds = 7
const missed = 5000

export default async function bench() {
  await using ours = await serve('ours.ts')
  await using bare = await serve('bare-feed.ts')
  await using clients = await run('clients.ts')
  await ours.ask({ publish: missed })
  const rows = []
  rows.push(await benchResume(ours, bare, clients))
  for (const [count, events] of [
    [100, 500],
    [1000, 100],
  ] as const) {
    const measured: { ours: number; peers: number }[] = []
    for (let round = -1; round < rounds; round++) {
      const peers = await broadcast(bare, clients, count, events)
      const mine = await broadcast(ours, clients, count, events)
      if (round >= 0) measured.push({ ours: mine, peers })
    }
    rows.push(
      toRow(
        'feed',
        `${count} clients, events from disk`,
        'ws alone, broadcast from memory',
        measured,
        'frames/s',
      ),
    )
  }
  return rows
}

/** Frames a second, from when the first event is published until the last client has the last one. */
async function broadcast(
  { url, ask }: RunningServer,
  clients: Running,
  count: number,
  events: number,
): Promise<number> {
  await clients.ask({ url, token, connect: count } satisfies ClientsOrder)
  const received = clients.ask<{ ms: number }>({ url, token, wait: events } satisfies ClientsOrder)
  await ask({ publish: events })
  return (count * events * 1000) / (await received).ms
}

/** Events a second for a client that missed them. Each has to come, once and in order. */
async function benchResume(ours: RunningServer, bare: RunningServer, clients: Running) {
  const measured: { ours: number; peers: number }[] = []
  const resume = async (url: string) => {
    const order: ClientsOrder = { url, token, connect: 1, after: 0, wait: missed }
    return (missed * 1000) / (await clients.ask<{ ms: number }>(order)).ms
  }
  for (let round = -1; round < rounds; round++) {
    const peers = await resume(bare.url)
    const mine = await resume(ours.url)
    if (round >= 0) measured.push({ ours: mine, peers })
  }
  return toRow('feed', `resume after ${missed} events`, 'ws alone, sent from memory', measured, 'events/s')
}
