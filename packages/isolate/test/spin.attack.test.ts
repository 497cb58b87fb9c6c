import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import type { RunnerPool } from '../src/index.ts'
import { openPool, openReceiver, patience, specOf } from './harness.ts'

const limits = {
  cpuMsPerSlice: 150,
  callTimeoutMs: 1_500,
  loadTimeoutMs: 1_500,
  backgroundCpuMsPerSecond: 50,
}

const spins: Record<string, string> = {
  'a loop': `for (;;);`,
  'a loop after an awaited host call': `await host.call('x'); for (;;);`,
  'a loop after a refused fetch': `await fetch('http://example.com').catch(() => {}); for (;;);`,
  'a loop in a timer': `await new Promise(() => setTimeout(() => { for (;;); }, 5))`,
  'microtasks without end': `for (;;) await 0`,
  'microtasks that queue each other': `const again = () => queueMicrotask(again); again(); await new Promise(() => {})`,
  'a thenable that spins': `return { then() { for (;;); } }`,
  'a result whose toJSON spins': `return { toJSON() { for (;;); } }`,
  'a result whose getter spins': `return { get a() { for (;;); } }`,
  'a Proxy result that spins': `return new Proxy({}, { ownKeys() { for (;;); } })`,
  'a thrown error whose getter spins': `throw { get message() { for (;;); } }`,
  'a console argument that spins': `console.log({ get a() { for (;;); } })`,
  'a catch that ignores being stopped': `for (;;) { try { for (;;); } catch {} finally { continue } }`,
  'a regular expression that backtracks': `/^(a+)+$/.test('a'.repeat(40) + 'b')`,
  'a busy interval': `setInterval(() => { const end = Date.now() + 60; while (Date.now() < end); }, 0); await new Promise(() => {})`,
  'a blocking host call that never answers': `host.callSync('never')`,
}

const pool = openPool({ limits })
afterAll(() => pool.close())

for (const [name, source] of Object.entries(spins)) {
  it(`stops ${name} while a neighbor still answers`, async () => {
    const hostCall = (method: string) => (method === 'never' ? new Promise(() => {}) : Promise.resolve(1))
    const neighbor = await pool.load(specOf('module.exports = { onAsk: (n) => n * 2 }', { id: 'neighbor' }))
    const spinner = await pool.load(specOf(`module.exports = { async onSpin() { ${source} } }`, { hostCall }))
    const order: string[] = []
    const spinning = spinner.call('onSpin', []).catch(({ code }: { code: string }) => order.push(code))
    expect(await neighbor.call('onAsk', [4])).toBe(8)
    order.push('neighbor')
    await spinning
    expect(order).toEqual(['neighbor', 'PLUGIN_TIMEOUT'])
    expect(await neighbor.call('onAsk', [21])).toBe(42)
    expect(neighbor.crashes).toBe(0)
  })
}

it('leaves nothing running of all these', async () => {
  await expect.poll(() => cpuMsOver(100, pool), patience).toBeLessThan(50)
})

it('ends the process when one builtin never returns to the engine', async () => {
  await using pool = openPool({ limits })
  const neighbor = await pool.load(specOf('module.exports = { onAsk: (n) => n * 2 }', { id: 'neighbor' }))
  const spinner = await pool.load(
    specOf(`const half = 'a'.repeat(1 << 12)
      module.exports = { onSpin: () => 'a'.repeat(1 << 24).indexOf(half + 'b' + half) }`),
  )
  const { pid } = pool.children[0]!
  await expect(spinner.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  await expect.poll(() => pool.children.map((child) => child.pid), patience).not.toContain(pid)
  await expect.poll(() => existsSync(`/proc/${pid}`), patience).toBe(false)
  expect(await neighbor.call('onAsk', [21])).toBe(42)
  expect([neighbor.crashes, spinner.crashes]).toEqual([0, 1])
})

/** CPU time the children of the pool use while `ms` pass. */
async function cpuMsOver(ms: number, { children }: RunnerPool): Promise<number> {
  const before = children.map(({ pid }) => cpuMs(pid))
  await delay(ms)
  return children.reduce((sum, { pid }, index) => sum + cpuMs(pid) - (before[index] ?? 0), 0)
}

function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

it('stops a loop while loading', async () => {
  await expect(pool.load(specOf('for (;;);'))).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  await expect(pool.load(specOf('await 0\nfor (;;);\nexport default {}'))).rejects.toMatchObject({
    code: 'PLUGIN_TIMEOUT',
  })
  await expect(pool.load(specOf('await new Promise(() => {})\nexport default {}'))).rejects.toMatchObject({
    code: 'PLUGIN_TIMEOUT',
  })
})

it('stops a loop that begins after the call was answered', async () => {
  const plugin = await pool.load(
    specOf(`module.exports = { onAsk() { setTimeout(() => { for (;;); }, 10); return 'fine' } }`),
  )
  const crashed = new Promise((resolve) => plugin.onDidCrash(({ code }) => resolve(code)))
  expect(await plugin.call('onAsk', [])).toBe('fine')
  expect(await crashed).toBe('PLUGIN_TIMEOUT')
})

it('stops timers that stay below the limit of a slice but never rest', async () => {
  const plugin = await pool.load(
    specOf(
      `module.exports = { onAsk() { setInterval(() => { const end = Date.now() + 60; while (Date.now() < end); }, 0) } }`,
    ),
  )
  const crashed = new Promise((resolve) => plugin.onDidCrash(({ code }) => resolve(code)))
  await plugin.call('onAsk', [])
  expect(await crashed).toBe('PLUGIN_TIMEOUT')
})

it('stops, without a strike, a call that only waits', async () => {
  await using pool = openPool({ limits: { callTimeoutMs: 200 } })
  const plugin = await pool.load(specOf(`module.exports = { onAsk: () => new Promise(() => {}) }`))
  await expect(plugin.call('onAsk', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  expect(plugin.crashes).toBe(0)
})

const floods: Record<string, string> = {
  'timers started and cleared': `for (;;) clearTimeout(setTimeout(() => {}, 1000))`,
  'console lines': `for (;;) console.log('spam')`,
  'random bytes': `for (;;) crypto.getRandomValues(new Uint8Array(65536))`,
  'host calls': `for (;;) host.call('x').catch(() => {})`,
  'blocking host calls': `for (;;) host.callSync('x')`,
}

for (const [name, source] of Object.entries(floods)) {
  it(`stops a flood of ${name} while a neighbor still answers`, async () => {
    await using pool = openPool({ limits: { ...limits, cpuMsPerSlice: 1_000 } })
    let calls = 0
    const hostCall = async () => calls++
    const neighbor = await pool.load(specOf('module.exports = { onAsk: (n) => n * 2 }', { id: 'neighbor' }))
    const flood = await pool.load(specOf(`module.exports = { async onFlood() { ${source} } }`, { hostCall }))
    const flooding = flood.call('onFlood', []).catch(({ code }: { code: string }) => code)
    expect(await neighbor.call('onAsk', [21])).toBe(42)
    expect(['PLUGIN_CRASHED', 'PLUGIN_TIMEOUT', 'PLUGIN_MEMORY']).toContain(await flooding)
    expect(calls).toBeLessThan(15_000)
    expect(pool.logs.length).toBeLessThan(600)
    expect(await neighbor.call('onAsk', [1])).toBe(2)
  })
}

it('stops a flood of large messages before the parent has to parse them all', async () => {
  await using pool = openPool({ limits: { ...limits, cpuMsPerSlice: 1_000 } })
  let received = 0
  const hostCall = async (_method: string, args: readonly unknown[]) => {
    received += String(args[0]).length
  }
  const flood = await pool.load(
    specOf(
      `const text = 'y'.repeat(900_000)
      module.exports = {
        async onCalls() { for (;;) await host.call('x', [text]).catch(() => {}) },
        onLists() { listen(text + Math.random()) },
      }`,
      { hostCall },
    ),
  )
  await expect(flood.call('onCalls', [])).rejects.toMatchObject({ code: 'PLUGIN_CRASHED' })
  expect(received).toBeGreaterThan(0)
  expect(received).toBeLessThan(24 << 20)
  for (let index = 0; index < 5; index++) await flood.call('onLists', [])
  expect(flood.subscriptions).toEqual([])
})

it('opens no more requests than its limit', async () => {
  await using receiver = await openReceiver()
  await using pool = openPool({ limits: { openRequests: 3 }, allowPrivateHosts: [receiver.host] })
  const plugin = await pool.load(
    specOf(
      `module.exports = { async onAsk(url) {
        const all = await Promise.allSettled(Array.from({ length: 8 }, () => fetch(url)))
        return all.map(({ status, reason }) => reason?.code ?? status).sort()
      } }`,
      { allowedHosts: [receiver.host] },
    ),
  )
  const outcomes = await plugin.call('onAsk', [receiver.origin])
  expect(outcomes).toEqual([...Array(5).fill('RATE_LIMITED'), ...Array(3).fill('fulfilled')])
  expect(receiver.requests).toHaveLength(3)
})
