// Events accepted over HTTP, on disk before they are answered, against the same route in Fastify alone.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { LoadOrder } from './load.ts'
import { type Running, run, serve, token, toRow } from './processes.ts'

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
  const rows = [await compare('accepted over HTTP, durability FULL', tmpdir())]
  if (existsSync(memory)) rows.push(await compare('the same on a disk in memory', memory))
  return rows
}

async function compare(name: string, folder: string) {
  await using ours = await serve('ours.ts', folder)
  await using bare = await serve('bare-route.ts')
  await using load = await run('load.ts')
  const measured: { ours: number; peers: number }[] = []
  for (let round = -1; round < rounds; round++) {
    const peers = await measure(load, bare.url)
    const mine = await measure(load, ours.url)
    // The first round warms both up.
    if (round >= 0) measured.push({ ours: mine, peers })
  }
  const peer = 'the route in Fastify alone, nothing checked or stored'
  return toRow('events', `${name}, ${inFlight} in flight`, peer, measured, 'events/s')
}

async function measure(load: Running, url: string): Promise<number> {
  const order: LoadOrder = { url, token, body, inFlight, ms }
  return (await load.ask<{ perSecond: number }>(order)).perSecond
}
