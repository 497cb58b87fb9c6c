import { execFileSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LifecycleEvent } from '@mortise/contract'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, startServer, type TestServer } from './harness.ts'

const listener = `module.exports = { onSessionCreated({ name }) { console.log('heard ' + name) } }`

/** Sends events one after the other until one is refused. Answers the ids of those that were taken, and the refusal. */
async function fill(host: TestServer, session: object) {
  const taken: string[] = []
  for (;;) {
    const name = `session-${taken.length}`
    const event = {
      event_type: 'session.created',
      meta: { padding: 'x'.repeat(20_000) },
      data: { session: { ...session, name } },
    }
    const answer = await host.api('POST', '/events', event)
    if (answer.status !== 202) return { taken, answer }
    taken.push(answer.body.event_id)
  }
}

/** Ids of the sessions' events, oldest first. The first is the one that was made for its session. */
async function ids(host: TestServer): Promise<string[]> {
  const { events } = (await host.api('GET', '/events?limit=1000')).body
  const sessions = (events as { event: LifecycleEvent }[]).filter(
    ({ event }) => event.event_type === 'session.created',
  )
  return sessions.map(({ event }) => event.event_id).reverse()
}

const addListener = (host: TestServer) => host.add({ 'manifest.json': manifest(), 'plugin.js': listener })

const makeSession = async (host: TestServer) =>
  (await host.call('sessions.create', { user: 'ada', template: 'firefox' })) as object

const waiting = async (host: TestServer): Promise<number> =>
  (await host.api('GET', '/plugins/probe/deliveries')).body.waiting

const delivered = async (host: TestServer): Promise<number> => {
  const { deliveries } = (await host.api('GET', '/plugins/probe/deliveries?state=done&limit=1000')).body
  return deliveries.length
}

it('refuses events with 507 when the database may not grow, keeps all it took, and goes on with more room', async () => {
  const dataDir = await makeDataDir()
  try {
    const first = await startServer({ dataDir, databaseBytes: 2_000_000 })
    await addListener(first)
    const { taken, answer } = await fill(first, await makeSession(first))
    expect(answer).toMatchObject({
      status: 507,
      body: { code: 'STORAGE_FULL', retryable: true, data: { retryAfter: 10 } },
    })
    expect(answer.headers.get('retry-after')).toBe('10')
    expect(taken.length).toBeGreaterThan(10)
    // Reading goes on, and so does the log of what was refused: nothing of it is there.
    expect((await ids(first)).slice(1)).toEqual(taken)
    expect(
      (await first.api('POST', '/events', { event_type: 'probe.sent', meta: { text: 'x'.repeat(50_000) } }))
        .status,
    ).toBe(507)
    expect((await first.api('GET', '/healthz', undefined)).status).toBeLessThan(500)
    await first.server.close()

    await using second = await startServer({ dataDir })
    expect((await ids(second)).slice(1)).toEqual(taken)
    await expect.poll(() => waiting(second), { timeout: 20_000 }).toBe(0)
    expect(await delivered(second)).toBe(taken.length + 1)
    expect((await second.api('POST', '/events', { event_type: 'probe.sent' })).status).toBe(202)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})

it('goes on by itself when a full disk has room again', async () => {
  await using disk = await mountSmallDisk(12)
  if (!disk) return
  const filler = join(disk.path, 'filler')
  await writeFile(filler, Buffer.alloc(4_000_000))
  await using host = await startServer({ dataDir: disk.path })
  await addListener(host)
  const { taken, answer } = await fill(host, await makeSession(host))
  expect(answer).toMatchObject({ status: 507, body: { code: 'STORAGE_FULL' } })
  expect((await ids(host)).slice(1)).toEqual(taken)
  await rm(filler)
  // Outcomes that found no room are written now.
  await expect.poll(() => waiting(host), { timeout: 20_000 }).toBe(0)
  expect((await host.api('POST', '/events', { event_type: 'probe.sent' })).status).toBe(202)
  expect(await delivered(host)).toBe(taken.length + 1)
})

/** A disk of a few megabytes in memory; `undefined`, and a line that says so, where it cannot be mounted. */
async function mountSmallDisk(megabytes: number) {
  const path = await makeDataDir()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (thrown) {
    console.warn(
      `A small disk cannot be mounted here, so a full one was not tried: ${(thrown as Error).message}`,
    )
    await rm(path, { recursive: true })
    return undefined
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', path])
      await rm(path, { recursive: true })
    },
  }
}
