import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, packFiles, token } from './harness.ts'
import { spawnServer } from './spawn-server.ts'

// The process is killed in the middle of publishing and delivering, again and
// again. What it said yes to must be there, and everybody must have got it.

const rounds = 20
/** Milliseconds of publishing before each kill. */
const roundMs = 500
const perSecond = 2000
const inFlight = 32

/** Has the host print the id of each event it gets. */
const listener = (event: string) => `
  module.exports = { onLoad({ api }) { api.webhooks.on('${event}', ({ id }) => api.sessions.get(id)) } }`
const plugins = {
  quick: { source: listener('session.*'), changes: {} },
  ordered: { source: listener('session.woken'), changes: { deliveries: { orderBy: '*' } } },
}

const session = {
  id: 's',
  name: 'session',
  user: 'ada',
  template: 'firefox',
  state: 'running',
  resources: { memory: '1Gi', cpu: '500m' },
  persistentHome: true,
  idleTimeout: '30m',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

interface Running extends AsyncDisposable {
  readonly child: ChildProcess
  readonly url: string
  send(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }>
}

/** What each plugin got, in the order in which it did, over all processes. */
const heard: Record<string, string[]> = { quick: [], ordered: [] }

async function startProcess(dataDir: string): Promise<Running> {
  const { child, url, ...server } = await spawnServer(dataDir, {
    program: 'kill-process.ts',
    onLine(line) {
      const [, plugin = '', id] = /^got (\S+) (\S+)$/.exec(line) ?? []
      if (id !== undefined) heard[plugin]?.push(id)
    },
  })
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  return {
    child,
    url,
    send: (method, path, body) => send(agent, new URL(url), method, path, body),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      agent.destroy()
    },
  }
}

function send(
  agent: Agent,
  { hostname, port }: URL,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { agent, hostname, port, method, path: `/api/v1${path}`, headers },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function install(server: Running): Promise<void> {
  for (const [name, { source, changes }] of Object.entries(plugins)) {
    const zip = packFiles({ 'manifest.json': manifest({ name, ...changes }), 'plugin.js': source })
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(zip)]), `${name}.zip`)
    const headers = { authorization: `Bearer ${token}` }
    const installed = await fetch(`${server.url}/api/v1/plugins/install`, {
      method: 'POST',
      headers,
      body: form,
    })
    expect(installed.status).toBe(201)
    expect(
      (await server.send('PUT', `/plugins/${name}/grants`, { permissions: { 'read:sessions': true } }))
        .status,
    ).toBe(200)
    expect((await server.send('POST', `/plugins/${name}/enable`)).status).toBe(200)
  }
}

/** Publishes at a steady rate until the time is over or the process is gone. Answers how many were sent. */
async function publish(server: Running, round: number, acknowledged: Set<string>): Promise<number> {
  const started = performance.now()
  let sent = 0
  let isGone = false
  const one = async () => {
    while (!isGone && performance.now() - started < roundMs) {
      const due = started + (sent / perSecond) * 1000
      const id = `${round}-${sent++}`
      const wait = due - performance.now()
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
      const event_type = sent % 10 === 0 ? 'session.woken' : 'session.hibernated'
      try {
        const { status } = await server.send('POST', '/events', {
          event_id: id,
          event_type,
          data: { session },
        })
        if (status === 202) acknowledged.add(id)
      } catch {
        isGone = true
      }
    }
  }
  const publishers = Array.from({ length: inFlight }, one)
  // In the middle: requests are open, commits under way, plugins busy.
  setTimeout(() => server.child.kill('SIGKILL'), roundMs * (0.6 + 0.4 * Math.random()))
  await Promise.all(publishers)
  return sent
}

it(`loses no acknowledged event and no delivery in ${rounds} rounds of kill -9`, async () => {
  const dataDir = await makeDataDir()
  try {
    const acknowledged = new Set<string>()
    let sent = 0
    {
      await using first = await startProcess(dataDir)
      await install(first)
    }
    const started = performance.now()
    for (let round = 0; round < rounds; round++) {
      await using server = await startProcess(dataDir)
      sent += await publish(server, round, acknowledged)
    }
    const heardBefore = heard.quick?.length ?? 0
    {
      await using last = await startProcess(dataDir)
      for (const name of Object.keys(plugins)) {
        const waiting = async () =>
          JSON.parse((await last.send('GET', `/plugins/${name}/deliveries?limit=1`)).text).waiting
        await expect.poll(waiting, { timeout: 300_000, interval: 200 }).toBe(0)
      }
    }
    const seconds = Math.round((performance.now() - started) / 1000)
    const again = Object.values(heard).map((ids) => ids.length - new Set(ids).size)
    console.info(
      `${rounds} kills in ${seconds} s: ${sent} sent, ${acknowledged.size} acknowledged, ${heardBefore} delivered while they happened, ${again.join(' and ')} delivered twice`,
    )

    const database = new DatabaseSync(join(dataDir, 'mortise.db'), { readOnly: true })
    const rows = database
      .prepare(
        `select cursor, event_id, event_type from mortise_event where event_type like 'session.%' order by cursor`,
      )
      .all() as { cursor: number; event_id: string; event_type: string }[]
    const logged = new Map(rows.map(({ event_id, event_type }) => [event_id, event_type]))
    expect(rows).toHaveLength(logged.size)
    const states = database
      .prepare('select plugin, state, count(*) as count from mortise_delivery group by 1, 2')
      .all()
    database.close()

    expect(acknowledged.size).toBeGreaterThan(rounds)
    expect([...acknowledged].filter((id) => !logged.has(id))).toEqual([])
    const wanted = {
      quick: [...logged.keys()],
      ordered: rows
        .filter(({ event_type }) => event_type === 'session.woken')
        .map(({ event_id }) => event_id),
    }
    expect(states).toEqual([
      { plugin: 'ordered', state: 'done', count: wanted.ordered.length },
      { plugin: 'quick', state: 'done', count: wanted.quick.length },
    ])
    for (const [name, ids] of Object.entries(wanted)) {
      const got = new Set(heard[name])
      expect(
        ids.filter((id) => !got.has(id)),
        `not delivered to ${name}`,
      ).toEqual([])
      // Nobody heard of an event that is not in the log.
      expect(
        [...got].filter((id) => !logged.has(id)),
        `made up for ${name}`,
      ).toEqual([])
    }
    // In order, were it not for what was delivered again: the first time counts.
    expect([...new Set(heard.ordered)]).toEqual(wanted.ordered)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}, 600_000)
