import { expect, test } from 'vitest'
import { createGuestBridge } from '../src/guest.ts'
import { apply, applyBatch, guardedChannel } from './guarded-channel.ts'

const rounds = 100_000
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

/** Values and messages that look more or less like those of the protocol. */
function fuzzer(random: () => number) {
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
  const call = () => [pick(words), pick([[], value(2), [value(3)]]), ...(random() < 0.2 ? [value(0)] : [])]
  const run = () => [
    pick(words),
    Array.from({ length: Math.ceil(random() * 3) }, () => pick([[], value(2), [value(3)]])),
    ...(random() < 0.2 ? [value(0)] : []),
  ]
  const message = (): unknown => {
    if (random() < 0.2) return value(4)
    const id = pick(['a', 'b'])
    const base: Record<string, unknown> =
      random() < 0.5
        ? apply(...(call() as [unknown, unknown]), id)
        : applyBatch(random() < 0.8 ? Array.from({ length: Math.ceil(random() * 4) }, run) : value(4), id)
    // A good message with one thing wrong goes deepest.
    if (random() < 0.6) base[pick(['id', 'type', 'path', 'argumentList', 'extra'])] = value(3)
    return base
  }
  /** What a host could say to its guest, were it broken: answers and messages of all shapes. */
  const answer = (ids: readonly string[]): unknown => {
    const kind = random()
    if (kind < 0.3) return value(4)
    const result = pick([
      value(3),
      { ok: true, value: value(2) },
      { ok: false, error: value(2) },
      { ok: pick(words), error: { message: value(1), code: pick(words), __proto__: null } },
    ])
    if (kind < 0.6)
      return {
        id: pick([...ids, ...words]),
        type: pick(words),
        value: pick([result, [[result], []], [[], [[pick([0, 1, -1]), result]]]]),
      }
    return {
      type: pick(['mount', 'context', 'unmount', 'event', 'ui', 'grants', 'theme', 'ping', 'stop', ...words]),
      mount: value(1),
      listener: value(1),
      args: value(2),
      cursor: value(1),
      event: value(2),
      granted: value(2),
      theme: value(2),
    }
  }
  return { value, message, answer }
}

const ownNames = () =>
  JSON.stringify(
    [Object, Array, Function, Promise, Error, Map].map((of) => Object.getOwnPropertyNames(of.prototype)),
  )

test(`${rounds} random messages run nothing that was not granted and never throw (seed ${seed})`, async () => {
  console.log(`fuzz seed ${seed}; run it again with MORTISE_FUZZ_SEED=${seed}`)
  const { message } = fuzzer(randomFrom(seed))
  const uncaught: unknown[] = []
  const note = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  using channel = guardedChannel({
    clock: () => 0,
    limits: {
      violations: Number.POSITIVE_INFINITY,
      messagesPerSecond: 100 * rounds,
      inFlight: 100 * rounds,
      flood: Number.POSITIVE_INFINITY,
    },
  })
  const shape = ownNames()
  const answers: unknown[] = []
  channel.guest.addEventListener('message', ({ data }) => answers.push(data))
  for (let round = 0; round < rounds; round++) {
    channel.guest.postMessage(message())
    if (round % 1000 === 999) await channel.flush()
  }
  await channel.flush()
  const ran = new Set(channel.journal.map(([name]) => name))
  expect([...ran].every((name) => ['echo', 'later', 'notes.add'].includes(String(name)))).toBe(true)
  expect(ownNames()).toBe(shape)
  expect(channel.host.stats).toMatchObject({ closed: false, messages: rounds + rounds / 1000 + 1 })
  expect(channel.violations.length).toBeGreaterThan(rounds / 4)
  expect(answers.length).toBeGreaterThan(rounds / 10)
  const strange = answers.filter((answer) => {
    const { type, id } = answer as { type?: unknown; id?: unknown }
    return type !== 'RAW' || typeof id !== 'string'
  })
  expect(strange).toEqual([])
  process.off('uncaughtException', note).off('unhandledRejection', note)
  expect(uncaught).toEqual([])
})

test(`${rounds} random messages the other way leave the guest's end working (seed ${seed})`, async () => {
  const { answer } = fuzzer(randomFrom(seed + 1))
  const { port1: host, port2 } = new MessageChannel()
  const uncaught: unknown[] = []
  const note = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  const guest = createGuestBridge(port2)
  const heard: string[] = []
  guest.onMessage(({ type }) => heard.push(type))
  const ids: string[] = []
  let settled = 0
  host.addEventListener('message', ({ data }) => ids.push(data.id))
  host.start()
  const shape = ownNames()
  for (let round = 0; round < rounds; round++) {
    if (round % 100 === 0) {
      const calls = round % 200 ? [guest.call('a')] : [guest.call('b'), guest.call('c')]
      for (const call of calls)
        call.then(
          () => settled++,
          () => settled++,
        )
    }
    host.postMessage(answer(ids.slice(-4)))
    if (round % 1000 === 999) await new Promise((resolve) => setTimeout(resolve))
  }
  // Whatever happened before, a call that is answered is answered.
  const last = guest.callAlone('last', [])
  await expect.poll(() => ids.length).toBeGreaterThan(0)
  const before = ids.length
  await new Promise((resolve) => setTimeout(resolve, 20))
  for (const id of ids.slice(Math.min(before, ids.length) - 1)) {
    host.postMessage({ id, type: 'RAW', value: { ok: true, value: 'still here' } })
  }
  expect(await last).toBe('still here')
  expect(ownNames()).toBe(shape)
  expect(heard.length).toBeGreaterThan(rounds / 10)
  expect(settled).toBeGreaterThan(0)
  guest.close()
  host.close()
  process.off('uncaughtException', note).off('unhandledRejection', note)
  expect(uncaught).toEqual([])
})
