import type { DeliveryRecord } from '@mortise/contract'
import { expect, it, vi } from 'vitest'
import { defaultPolicy } from '../src/deliveries/policy.ts'
import { manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const events = 80
const patience = { timeout: 40_000 }
const failing = `module.exports = {
  onSessionCreated() { throw Object.assign(new Error('busy'), { code: 'FETCH_FAILED' }) },
}`

it('leaves up to half of each wait before a delivery is tried again to chance', async () => {
  // A clock that stands still: what is read off it is what was drawn.
  let time = Date.parse('2026-01-01T00:00:00.000Z')
  await using host = await startServer({ now: () => new Date(time), deliveryPolicy: defaultPolicy })
  await host.add({ 'manifest.json': manifest(), 'plugin.js': failing })
  for (let count = 0; count < events; count++)
    await host.call('sessions.create', { user: 'ada', template: 'firefox' })

  for (const [index, waitMs] of [1000, 5000].entries()) {
    const waits = await waitsAfter(host, index + 1, time)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(waitMs / 2)
    expect(Math.max(...waits)).toBeLessThanOrEqual(waitMs)
    // Each quarter of the range gets its share: that it stays empty by chance happens once in ten billion runs.
    const quarters = waits.map((wait) => Math.min(3, Math.floor(((wait - waitMs / 2) / waitMs) * 8)))
    expect(new Set(quarters)).toEqual(new Set([0, 1, 2, 3]))
    time += waitMs
  }
})

/** How long each delivery waits for its next try, once all were tried so often. */
async function waitsAfter(host: TestServer, attempts: number, time: number): Promise<number[]> {
  const read = async () => {
    const { deliveries } = (await host.api('GET', '/plugins/probe/deliveries?limit=1000')).body
    return (deliveries as DeliveryRecord[]).flatMap((one) =>
      one.attempts === attempts && one.nextTryAt !== null ? [Date.parse(one.nextTryAt) - time] : [],
    )
  }
  await expect.poll(async () => (await read()).length, patience).toBe(events)
  return read()
}
