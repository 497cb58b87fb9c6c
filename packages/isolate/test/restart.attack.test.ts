import { expect, it } from 'vitest'
import { openPool, patience, specOf } from './harness.ts'

const long = 3_600_000
const moody = `
  host.log('info', 'loaded')
  module.exports = {
    onSpin() { for (;;); },
    onBomb() { const kept = []; for (;;) kept.push(new Array(10000).fill(kept.length)) },
    onHello: () => 'hello',
  }`
const limits = { cpuMsPerSlice: 50 }
const down = { code: 'PLUGIN_UNAVAILABLE', data: { retryAfter: long / 1000 } }

async function open(restartWaitsMs: readonly number[]) {
  const pool = openPool({ limits, restartWaitsMs, maxStrikes: Number.POSITIVE_INFINITY })
  const plugin = await pool.load(specOf(moody))
  const starts = () => pool.logs.filter(({ message }) => message === 'loaded').length
  const end = (name: string) =>
    expect(plugin.call(name, [])).rejects.toMatchObject({ code: /PLUGIN_(TIMEOUT|MEMORY|CRASHED)/ })
  return { pool, plugin, starts, end, [Symbol.asyncDispose]: () => pool.close() }
}

it('starts a plugin again at once that was ended once', async () => {
  await using room = await open([0, long])
  await room.end('onSpin')
  expect(room.plugin.restartsInMs).toBe(0)
  expect(await room.plugin.call('onHello', [])).toBe('hello')
  expect(room.starts()).toBe(2)
})

for (const name of ['onSpin', 'onBomb']) {
  it(`does not start a plugin while it is held back, whatever asks for it: ${name}`, async () => {
    await using room = await open([0, long])
    const { plugin, starts, end } = room
    await end(name)
    await end(name)
    expect(plugin.restartsInMs).toBeGreaterThan(long - 60_000)
    const before = starts()
    await expect(plugin.call('onHello', [])).rejects.toMatchObject(down)
    await expect(plugin.deliver({})).rejects.toMatchObject(down)
    await expect(plugin.work('command', 'run', [])).rejects.toMatchObject(down)
    await expect(plugin.filter('a.b', {}, 1000)).rejects.toMatchObject(down)
    await expect(plugin.ring('r', {}, 1000)).rejects.toMatchObject(down)
    expect(starts()).toBe(before)
    expect(plugin.crashes).toBe(2)
  })
}

it('tells when the wait is over, and lets the next call try', async () => {
  await using room = await open([0, 300])
  const { plugin, end } = room
  const over = Promise.withResolvers<void>()
  plugin.onDidWait(() => over.resolve())
  await end('onSpin')
  await end('onSpin')
  await over.promise
  expect(plugin.restartsInMs).toBe(0)
  expect(await plugin.call('onHello', [])).toBe('hello')
})

it('holds back a plugin, too, that does not get through its restart', async () => {
  await using room = await open([0, 0, long])
  const pool = room.pool
  let isBroken = false
  const plugin = await pool.load(
    specOf(`host.callSync('start'); module.exports = { onSpin() { for (;;); }, onHello: () => 'hello' }`, {
      id: 'fragile',
      async hostCall() {
        if (isBroken) throw new Error('not today')
      },
    }),
  )
  await expect(plugin.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  isBroken = true
  for (let count = 0; count < 2; count++)
    await expect(plugin.call('onHello', [])).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED' })
  await expect(plugin.call('onHello', [])).rejects.toMatchObject(down)
  // That is no strike.
  expect(plugin.crashes).toBe(1)
})

it('does not hold back the neighbors in a process that was taken down', async () => {
  await using room = await open([long])
  const { pool } = room
  const neighbor = await pool.load(specOf(`module.exports = { onHello: () => 'hello' }`, { id: 'neighbor' }))
  process.kill(pool.children[0]!.pid, 'SIGKILL')
  const hello = () => neighbor.call('onHello', []).catch(({ code }: { code: string }) => code)
  await expect.poll(hello, patience).toBe('hello')
  expect([neighbor.restartsInMs, room.plugin.restartsInMs]).toEqual([0, 0])
})
