import { expect, test } from 'vitest'
import { apply, applyBatch, guardedChannel } from './guarded-channel.ts'

const rounds = 20_000
const seed = Number(process.env.MORTISE_FUZZ_SEED ?? Date.now() % 2 ** 31)

/** Mulberry32: small, seeded, good enough to wander through message shapes. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const words = [
  'call',
  'batch',
  'echo',
  'later',
  'notes.remove',
  'hangs',
  '__proto__',
  'constructor',
  'prototype',
  'then',
  'APPLY',
  'GET',
  'SET',
  'CONSTRUCT',
  'ENDPOINT',
  'RELEASE',
  'RAW',
  'HANDLER',
  'proxy',
  'throw',
  'id',
  'type',
  'path',
  'argumentList',
  'value',
  '',
]

test(`${rounds} random messages run nothing that was not granted and never throw (seed ${seed})`, async () => {
  console.log(`fuzz seed ${seed}; run it again with MORTISE_FUZZ_SEED=${seed}`)
  const random = randomFrom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const value = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 0 ? 12 : 8))
    switch (kind) {
      case 0:
        return pick(words)
      case 1:
        return pick([0, 1, -1, Number.NaN, 2 ** 53, 1e308])
      case 2:
        return pick([null, undefined, true, false])
      case 3:
        return { type: 'RAW', value: pick(words) }
      case 4:
        return pick([new Date(0), new Map(), new Set([1]), /x/, new Error('x'), 7n, new Uint8Array(3)])
      case 5:
        return 'x'.repeat(Math.floor(random() * 100))
      case 6:
        return [pick(words)]
      case 7:
        return [pick(words), []]
      case 8:
        return Array.from({ length: Math.floor(random() * 4) }, () => value(depth - 1))
      default: {
        const entries = Array.from({ length: Math.floor(random() * 5) }, () => [
          pick(words),
          value(depth - 1),
        ])
        return Object.fromEntries(entries)
      }
    }
  }
  const message = (): unknown => {
    if (random() < 0.3) return value(4)
    const base: Record<string, unknown> =
      random() < 0.5 ? apply(value(2), value(3), pick(['a', 'b'])) : applyBatch(value(4), pick(['a', 'b']))
    // A good message with one thing wrong goes deepest.
    if (random() < 0.7) base[pick(['id', 'type', 'path', 'argumentList', 'extra'])] = value(3)
    return base
  }

  using channel = guardedChannel({
    clock: () => 0,
    limits: { violations: Number.POSITIVE_INFINITY, messagesPerSecond: 10 * rounds, inFlight: 10 * rounds },
  })
  const shape = JSON.stringify(Object.getOwnPropertyNames(Object.prototype))
  const answers: unknown[] = []
  channel.guest.addEventListener('message', ({ data }) => answers.push(data))
  for (let round = 0; round < rounds; round++) {
    channel.guest.postMessage(message())
    if (round % 1000 === 999) await channel.flush()
  }
  await channel.flush()
  const ran = new Set(channel.journal.map(([name]) => name))
  expect([...ran].every((name) => ['echo', 'later', 'notes.add'].includes(String(name)))).toBe(true)
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(shape)
  expect(channel.host.stats).toMatchObject({ closed: false, messages: rounds + rounds / 1000 + 1 })
  expect(channel.violations.length).toBeGreaterThan(rounds / 4)
  for (const answer of answers) expect(answer).toMatchObject({ type: 'RAW', id: expect.any(String) })
})
