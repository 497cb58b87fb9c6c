// Events accepted over HTTP, on disk before they are answered, against the same route in Fastify alone and against
// a loop that does nothing but commit as many at a time.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { CommitOrder } from './bare-commits.ts'
import type { LoadOrder } from './load.ts'
import { processorTime, type Running, type RunningServer, run, serve, token, toRow } from './processes.ts'

const rounds = 9
const inFlight = 64
const ms = 1500

const body = JSON.stringify({
  event_type: 'session.hibernated',
  username: 'ada',
  target_type: 'session',
  target_id: 'ses-1',
  data: {
    session: {
      id: 'ses-1',
      name: 'session',
      user: 'ada',
      template: 'firefox',
      state: 'hibernated',
      resources: { memory: '1Gi', cpu: '500m' },
      persistentHome: true,
      idleTimeout: '30m',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    },
  },
})

/** A disk in memory, where there is one: it shows what is left when syncing costs nothing. */
const memory = '/dev/shm'

export default async function bench() {
  const rows = await compare('accepted over HTTP, durability FULL', tmpdir())
  if (existsSync(memory)) rows.push(...(await compare('the same on a disk in memory', memory)))
  return rows
}

interface Taken {
  readonly perSecond: number
  /** Microseconds of the server's processor time for each event. */
  readonly cpuUs: number
}

async function compare(name: string, folder: string) {
  await using ours = await serve('ours.ts', folder)
  await using bare = await serve('bare-route.ts')
  await using commits = await serve('bare-commits.ts', folder)
  await using load = await run('load.ts')
  const taken: { ours: Taken; bare: Taken; floor: number }[] = []
  for (let round = -1; round < rounds; round++) {
    const theirs = await measure(load, bare)
    const mine = await measure(load, ours)
    const order: CommitOrder = { body, inFlight, ms }
    const { perSecond: floor } = await commits.ask<{ perSecond: number }>(order)
    // The first round warms all up.
    if (round >= 0) taken.push({ ours: mine, bare: theirs, floor })
  }
  const peer = 'the route in Fastify alone, nothing checked or stored'
  const rates = taken.map(({ ours, bare }) => ({ ours: ours.perSecond, peers: bare.perSecond }))
  const costs = taken.map(({ ours, bare }) => ({ ours: ours.cpuUs, peers: bare.cpuUs }))
  const floors = taken.map(({ ours, floor }) => ({ ours: ours.perSecond, peers: floor }))
  const full = `${name}, ${inFlight} in flight`
  return [
    toRow('events', full, peer, rates, 'events/s'),
    toRow('events', `${full}, processor time of the server`, peer, costs, 'µs'),
    toRow('events', full, `a loop that commits ${inFlight} at a time`, floors, 'events/s'),
  ].filter(({ ratio }) => Number.isFinite(ratio))
}

async function measure(load: Running, server: RunningServer): Promise<Taken> {
  const before = processorTime(server)
  const order: LoadOrder = { url: server.url, token, body, inFlight, ms }
  const { perSecond, answered } = await load.ask<{ perSecond: number; answered: number }>(order)
  return { perSecond, cpuUs: (processorTime(server) - before) / answered }
}

if (import.meta.main) console.table(await bench())
