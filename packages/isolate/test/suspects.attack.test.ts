import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { expect, it } from 'vitest'
import { lowPriority } from '../src/lower-priority.ts'
import { openPool, patience, specOf } from './harness.ts'

/** Spins or fills a buffer of every kind until its process is gone, when it is told to. */
const hostile = `module.exports = {
  onSpin() { for (;;); },
  onBomb() { const kept = []; for (;;) kept.push(new Uint8Array(64 << 20).fill(1)) },
  onHello() { return 'hello' },
}`
const honest = `module.exports = { onHello() { return 'hello' } }`

type Pool = ReturnType<typeof openPool>

const hello = (plugin: { call(name: string, args: unknown[]): Promise<unknown> }) =>
  plugin.call('onHello', [])

/** The process that holds a plugin. */
function pidOf(pool: Pool, id: string): number | undefined {
  return pool.children.find(({ plugins }) => plugins.includes(id))?.pid
}

/** Priorities of a process and, where the system tells, of its threads. */
function prioritiesOf(pid: number): number[] {
  const threads = process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).map(Number) : []
  return [...new Set([pid, ...threads].map((id) => getPriority(id)))]
}

async function openSuspect(now = () => Date.now()) {
  const pool = openPool({ now })
  const neighbor = await pool.load(specOf(honest, { id: 'neighbor' }))
  const suspect = await pool.load(specOf(hostile, { id: 'suspect' }))
  expect(pidOf(pool, 'suspect')).toBe(pidOf(pool, 'neighbor'))
  await expect(suspect.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  expect(await hello(suspect)).toBe('hello')
  // On a machine so busy that a spin is not stopped in time, the process goes with it.
  expect(await hello(neighbor)).toBe('hello')
  const before = pidOf(pool, 'neighbor')!
  return { pool, neighbor, suspect, before, [Symbol.asyncDispose]: () => pool.close() }
}

it('goes on with a plugin that got a strike in another process, which stands back where others want the processor', async () => {
  await using room = await openSuspect()
  const { pool, neighbor, suspect, before } = room
  const apart = pidOf(pool, 'suspect')!
  expect(pidOf(pool, 'neighbor')).toBe(before)
  expect(apart).not.toBe(before)
  expect(prioritiesOf(before)).toEqual([getPriority()])
  // A thread of its own that the next spin needs takes the priority of the one that starts it.
  await expect(suspect.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  expect(prioritiesOf(apart)).toEqual([lowPriority])
  expect(await hello(neighbor)).toBe('hello')
})

it('loses nobody else when a plugin with a strike takes its process down', async () => {
  await using room = await openSuspect()
  const { pool, neighbor, suspect, before } = room
  await expect(suspect.call('onBomb', [])).rejects.toMatchObject({ code: /PLUGIN_(MEMORY|CRASHED|TIMEOUT)/ })
  expect(pidOf(pool, 'neighbor')).toBe(before)
  expect(await hello(neighbor)).toBe('hello')
  expect(await hello(suspect)).toBe('hello')
})

it('trusts a plugin again that behaved for ten minutes, and ends the process it was in', async () => {
  let ms = 0
  await using room = await openSuspect(() => ms)
  const { pool, suspect, before } = room
  const apart = pidOf(pool, 'suspect')
  ms += 9 * 60_000
  expect(await hello(suspect)).toBe('hello')
  expect(pidOf(pool, 'suspect')).toBe(apart)
  ms += 60_000
  expect(await hello(suspect)).toBe('hello')
  expect(pidOf(pool, 'suspect')).toBe(before)
  await expect.poll(() => pool.children.map(({ pid }) => pid), patience).toEqual([before])
  expect(pool.logs.filter(({ message }) => message.includes('ended; its plugins'))).toEqual([])
})

it('ends the process for suspects with the last of them', async () => {
  await using room = await openSuspect()
  await room.suspect.dispose()
  await expect.poll(() => room.pool.children.map(({ pid }) => pid), patience).toEqual([room.before])
})

it('still keeps a plugin apart that is taken out and loaded again', async () => {
  await using room = await openSuspect()
  const { pool, suspect, before } = room
  await suspect.dispose()
  const again = await pool.load(specOf(hostile, { id: 'suspect' }))
  expect(await hello(again)).toBe('hello')
  expect(pidOf(pool, 'suspect')).not.toBe(before)
  expect(pidOf(pool, 'neighbor')).toBe(before)
  const fresh = await pool.load(specOf(honest, { id: 'fresh' }))
  expect(await hello(fresh)).toBe('hello')
  expect(pidOf(pool, 'fresh')).toBe(before)
})

it('keeps one apart, too, that was ended while it was loaded', async () => {
  await using pool = openPool()
  await expect(pool.load(specOf('for (;;);', { id: 'suspect' }))).rejects.toMatchObject({
    code: 'PLUGIN_TIMEOUT',
  })
  await pool.load(specOf(honest, { id: 'neighbor' }))
  await pool.load(specOf(honest, { id: 'suspect' }))
  expect(pidOf(pool, 'suspect')).not.toBe(pidOf(pool, 'neighbor'))
})
