import type { JobRecord } from '@mortise/contract'
import { expect, it, vi } from 'vitest'
import { makeDataDir, manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const minute = 60_000
const plugin = (body: string, changes: Record<string, unknown> = {}) => ({
  'manifest.json': manifest({ permissions: ['read:sessions', 'scheduler'], ...changes }),
  'plugin.js': `
    const { scheduler, storage } = streamspace
    const count = async (key) => storage.set(key, ((await storage.get(key)) ?? 0) + 1)
    module.exports = { ${body} }`,
})
/** A clock that stands still until it is moved. */
function clock(start = '2026-11-21T06:00:30.000Z') {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    move(ms: number) {
      time += ms
    },
  }
}
const stored = async (host: TestServer, key: string) => {
  const { body } = await host.api('POST', '/calls', { plugin: 'probe', calls: [['storage.get', [key]]] })
  return body.results[0].value
}
const jobs = async (host: TestServer): Promise<JobRecord[]> =>
  (await host.api('GET', '/plugins/probe/jobs')).body.jobs
const until = (read: () => Promise<unknown>) => expect.poll(read, { timeout: 20_000 })
/** Two readings of the server's clock, so that what is due has been seen. */
const twoTicks = () => new Promise((resolve) => setTimeout(resolve, 2300))

it('runs what the manifest declares, in time, with the due time told', async () => {
  const { now, move } = clock()
  await using host = await startServer({ now })
  const scheduler = { jobs: [{ name: 'sweep', schedule: '*/5 * * * *', description: 'Sweeps.' }] }
  await host.add(
    plugin(`jobs: { async sweep(run) { await storage.set('run', run); await count('runs') } }`, {
      scheduler,
    }),
  )
  expect(await jobs(host)).toMatchObject([
    {
      name: 'sweep',
      description: 'Sweeps.',
      origin: 'manifest',
      nextAt: '2026-11-21T06:05:00.000Z',
      runs: 0,
    },
  ])
  await twoTicks()
  expect(await stored(host, 'runs')).toBe(null)
  move(5 * minute)
  await until(async () => (await jobs(host))[0]).toMatchObject({
    runs: 1,
    failures: 0,
    lastError: null,
    nextAt: '2026-11-21T06:10:00.000Z',
  })
  expect(await stored(host, 'run')).toEqual({ name: 'sweep', dueAt: '2026-11-21T06:05:00.000Z' })
  expect(await stored(host, 'runs')).toBe(1)
})

it('makes up missed runs by one, after the server was down and after the plugin was off', async () => {
  const dataDir = await makeDataDir()
  const { now, move } = clock()
  const files = plugin(`
    async onLoad() { await scheduler.schedule('tick', '1m', () => count('runs')) }`)
  {
    await using host = await startServer({ now, dataDir })
    await host.add(files)
    expect(await jobs(host)).toMatchObject([
      { name: 'tick', origin: 'plugin', nextAt: '2026-11-21T06:01:00.000Z' },
    ])
  }
  move(600 * minute)
  await using host = await startServer({ now, dataDir })
  await until(async () => (await jobs(host))[0]?.runs).toBe(1)
  await twoTicks()
  expect(await stored(host, 'runs')).toBe(1)
  await host.api('POST', '/plugins/probe/disable')
  move(600 * minute)
  await twoTicks()
  expect((await jobs(host))[0]?.runs).toBe(1)
  await host.api('POST', '/plugins/probe/enable')
  await until(async () => (await jobs(host))[0]?.runs).toBe(2)
})

it('runs once what is planned once, and forgets it', async () => {
  const { now, move } = clock()
  await using host = await startServer({ now })
  await host.add(
    plugin(`
    async onLoad() { await scheduler.schedule('once', '2026-11-21T06:00:40Z') },
    jobs: { once: () => count('runs') }`),
  )
  move(minute)
  await until(() => stored(host, 'runs')).toBe(1)
  await until(() => jobs(host)).toEqual([])
})

it('never runs a job beside itself, and one after the other with handlers', async () => {
  const { now, move } = clock()
  await using host = await startServer({ now })
  await host.add(
    plugin(`
    async onLoad() { await scheduler.schedule('slow', '1m') },
    jobs: { async slow() {
      this.inside = (this.inside ?? 0) + 1
      await storage.set('most', Math.max(this.inside, (await storage.get('most')) ?? 0))
      await new Promise((resolve) => setTimeout(resolve, 2500))
      await count('runs')
      this.inside--
    } },
    async onSessionCreated() { await storage.set('alone', !this.inside) }`),
  )
  move(minute)
  await until(async () => (await jobs(host))[0]?.running).toBe(true)
  move(10 * minute)
  expect((await host.api('POST', '/plugins/probe/jobs/slow/run')).body.code).toBe('CONFLICT')
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  expect(await stored(host, 'alone')).toBe(true)
  expect(await stored(host, 'most')).toBe(1)
  // What came due meanwhile is not made up: the next time counts from the end.
  expect((await jobs(host))[0]).toMatchObject({ runs: 1, nextAt: '2026-11-21T06:12:00.000Z' })
})

it('notes what failed, without secrets, and goes on', async () => {
  const { now, move } = clock()
  await using host = await startServer({ now })
  const files = plugin(
    `jobs: { bad() { throw new Error('with ' + this.config.apiKey) }, spin() { for (;;); } }`,
    {
      scheduler: {
        jobs: [
          { name: 'bad', schedule: '1m' },
          { name: 'spin', schedule: '1m' },
          { name: 'none', schedule: '1m' },
        ],
      },
    },
  )
  await host.add(files, { config: { apiKey: 'sk-0123456789' } })
  move(minute)
  await until(async () => (await jobs(host)).map(({ failures }) => failures)).toEqual([1, 1, 1])
  const [bad, none, spin] = await jobs(host)
  expect(bad?.lastError).toMatchObject({
    code: 'PLUGIN_THREW',
    message: expect.stringContaining('***REDACTED***'),
  })
  expect(none?.lastError?.message).toContain("no job 'none'")
  expect(spin?.lastError?.code).toBe('PLUGIN_TIMEOUT')
  expect(JSON.stringify([await jobs(host), host.log])).not.toContain('0123456789')
  move(minute)
  await until(async () => (await jobs(host))[0]?.failures).toBe(2)
})

it('needs the permission, at the call and at the time', async () => {
  const { now, move } = clock()
  await using host = await startServer({ now })
  await host.add(
    plugin(`
    async onLoad() { await scheduler.schedule('tick', '1m', () => count('runs')) },
    async onSessionCreated() { await storage.set('code', await scheduler.list().catch((error) => error.code)) }`),
  )
  await host.api('PUT', '/plugins/probe/grants', { permissions: { scheduler: false } })
  move(minute)
  await twoTicks()
  expect((await jobs(host))[0]?.runs).toBe(0)
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  expect(await stored(host, 'code')).toBe('PERMISSION_DENIED')
  expect((await host.api('POST', '/plugins/probe/jobs/tick/run')).body.code).toBe('PLUGIN_NOT_RUNNING')
  await host.api('PUT', '/plugins/probe/grants', { permissions: { scheduler: true } })
  await until(async () => (await jobs(host))[0]?.runs).toBe(1)
})

it('refuses bad names, bad schedules and too many of them', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`
    async onSessionCreated() {
      const code = (work) => work.then(() => 'ok', (error) => error.code)
      const seen = []
      for (const name of ['', '../a', 'a b', '__proto__', 'x'.repeat(65), 7]) seen.push(await code(scheduler.schedule(name, '1m')))
      for (const when of ['', '* * * * * *', '0.5m', 'x'.repeat(101), null, { toString: () => '1m' }]) seen.push(await code(scheduler.schedule('a', when)))
      await storage.set('refused', seen)
      const many = []
      for (let index = 0; index < 40; index++) many.push(await code(scheduler.schedule('job' + index, 'monthly')))
      await scheduler.cancel('job0')
      await scheduler.cancel('nothing')
      many.push(await code(scheduler.schedule('again', 'monthly')))
      await storage.set('many', many)
    }`),
  )
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  expect(new Set((await stored(host, 'refused')) as string[])).toEqual(new Set(['INPUT_INVALID']))
  const many = (await stored(host, 'many')) as string[]
  expect(many.slice(0, 32)).toEqual(new Array(32).fill('ok'))
  expect(many.slice(32)).toEqual([...new Array(8).fill('CONFLICT'), 'ok'])
})

it('follows the manifest of an update, and is gone with the plugin', async () => {
  const { now } = clock()
  await using host = await startServer({ now })
  const version = (number: string, names: string[]) =>
    plugin('', { version: number, scheduler: { jobs: names.map((name) => ({ name, schedule: 'daily' })) } })
  const names = async () => (await jobs(host)).map(({ name }) => name)
  await host.add(version('1.0.0', ['old', 'kept']))
  expect(await names()).toEqual(['kept', 'old'])
  await host.add(version('1.1.0', ['kept', 'fresh']))
  expect(await names()).toEqual(['fresh', 'kept'])
  await host.api('DELETE', '/plugins/probe')
  expect((await host.api('GET', '/plugins/probe/jobs')).status).toBe(404)
  await host.add(version('1.1.0', []))
  expect(await names()).toEqual([])
})
