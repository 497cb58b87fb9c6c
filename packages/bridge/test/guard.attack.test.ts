import { describe, expect, test } from 'vitest'
import { apply, applyBatch, guardedChannel } from './guarded-channel.ts'

const raw = (value: unknown) => ({ type: 'RAW', value })
const call = apply('echo', ['attack'])

/** Messages that Comlink's own `expose` would obey, and malformed ones. Each is dropped without an answer. */
const attacks: Record<string, unknown> = {
  'CONSTRUCT of the Function constructor': {
    id: 'x',
    type: 'CONSTRUCT',
    path: ['constructor', 'constructor'],
    argumentList: [raw('globalThis.pwned = true')],
  },
  'CONSTRUCT of an allowed path': { ...call, type: 'CONSTRUCT' },
  'SET of a method': { id: 'x', type: 'SET', path: ['call'], value: raw(1) },
  'SET of __proto__': { id: 'x', type: 'SET', path: ['__proto__', 'polluted'], value: raw(1) },
  'SET of constructor.prototype': {
    id: 'x',
    type: 'SET',
    path: ['constructor', 'prototype', 'polluted'],
    value: raw(1),
  },
  'GET of the whole': { id: 'x', type: 'GET', path: [] },
  'GET of a method': { id: 'x', type: 'GET', path: ['call'] },
  RELEASE: { id: 'x', type: 'RELEASE' },
  'RELEASE with a path': { id: 'x', type: 'RELEASE', path: ['call'] },
  ENDPOINT: { id: 'x', type: 'ENDPOINT' },
  'an unknown type': { ...call, type: 'EVAL' },
  'a type that is an object': { ...call, type: { toString: 'APPLY' } },
  'HANDLER argument of kind proxy': {
    ...call,
    argumentList: [{ type: 'HANDLER', name: 'proxy', value: ['echo', []] }],
  },
  'HANDLER argument of kind throw': {
    ...call,
    argumentList: [{ type: 'HANDLER', name: 'throw', value: { isError: true, value: {} } }],
  },
  'HANDLER argument of no known kind': {
    ...call,
    argumentList: [{ type: 'HANDLER', name: 'nothing' }],
  },
  'an argument that is null': { ...call, argumentList: [null] },
  'an argument without a type': { ...call, argumentList: [{ value: ['echo', []] }] },
  'a path of two segments': { ...call, path: ['call', 'call'] },
  'a path through __proto__': { ...call, path: ['__proto__', 'call'] },
  'the path __proto__': { ...call, path: ['__proto__'] },
  'the path constructor': { ...call, path: ['constructor'] },
  'the path toString': { ...call, path: ['toString'] },
  'the path apply': { ...call, path: ['call', 'apply'] },
  'an empty path': { ...call, path: [] },
  'a path that is text': { ...call, path: 'call' },
  'a path with an array that prints as call': { ...call, path: [['call']] },
  'no path': { id: 'x', type: 'APPLY', argumentList: call.argumentList },
  'no arguments': { id: 'x', type: 'APPLY', path: ['call'] },
  'arguments that are no list': { ...call, argumentList: { 0: raw(['echo', []]), length: 1 } },
  'an empty list of arguments': { ...call, argumentList: [] },
  'a second argument': { ...call, argumentList: [raw(['echo', []]), raw([])] },
  'a call without arguments': { ...call, argumentList: [raw(['echo'])] },
  'a call that is an object': { ...call, argumentList: [raw({ 0: 'echo', 1: [], length: 2 })] },
  'a method name that is no text': apply(['echo'], []),
  'a method name without end': apply('e'.repeat(10_000), []),
  'arguments of a call that are no list': apply('echo', { length: 1, 0: 'x' }),
  'no id': { ...call, id: undefined },
  'an empty id': { ...call, id: '' },
  'an id that is a number': { ...call, id: 7 },
  'an id that is an object': { ...call, id: { toString: 'x' } },
  'an id of 10 kB': { ...call, id: 'i'.repeat(10_000) },
  'a batch that is no list': applyBatch({ length: 1, 0: ['echo', [[]]] }),
  'a batch that claims to be endless': applyBatch(new Array(2 ** 32 - 1)),
  'an empty batch': applyBatch([]),
  'a batch beyond the limit': applyBatch([['echo', Array.from({ length: 1001 }, () => [])]]),
  'a batch beyond the limit in many runs': applyBatch(Array.from({ length: 1001 }, () => ['echo', [[]]])),
  'a run without calls': applyBatch([['echo', []]]),
  'a run that claims to be endless': applyBatch([['echo', new Array(2 ** 32 - 1)]]),
  'a run with a hole': applyBatch([['echo', Object.assign(new Array(2), { 0: ['attack'] })]]),
  'a run of several calls with one key': applyBatch([['echo', [['attack'], ['attack']], 7]]),
  'a batch with one malformed call among good ones': applyBatch([
    ['echo', [['attack']]],
    ['echo', [['attack'], 'no list']],
  ]),
  'a batch that smuggles a path': applyBatch([['echo', [['attack']], ['constructor']]]),
  'a batch of one that smuggles a wire value': applyBatch([[raw('echo'), raw([[]])]]),
  'a batch with two arguments': {
    ...applyBatch([['echo', [[]]]]),
    argumentList: [raw([['echo', [[]]]]), raw(1)],
  },
  'text instead of a message': 'APPLY',
  'null instead of a message': null,
  'a list instead of a message': [call],
  'a map instead of a message': new Map(Object.entries(call)),
}

describe('the guard drops', () => {
  test.each(Object.entries(attacks))('%s', async (_name, message) => {
    using channel = guardedChannel()
    const answers: unknown[] = []
    channel.guest.addEventListener('message', ({ data }) => answers.push(data))
    channel.guest.postMessage(message)
    await channel.flush()
    expect(answers).toHaveLength(1)
    expect(channel.journal).toEqual([['echo', 'flush']])
    expect(channel.violations).toHaveLength(1)
    expect(channel.host.stats).toMatchObject({ calls: 1, violations: 1 })
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted')
    expect(globalThis).not.toHaveProperty('pwned')
  })
})

test('a transferred port drops the message and is closed, so nobody can be asked through it', async () => {
  using channel = guardedChannel()
  const { port1, port2 } = new MessageChannel()
  const closed = new Promise((resolve) => port1.addEventListener('close', resolve))
  port1.start()
  channel.guest.postMessage(apply('echo', ['attack']), [port2])
  await channel.flush()
  await closed
  expect(channel.violations).toEqual(['transferred-port'])
  expect(channel.journal).toEqual([['echo', 'flush']])
})

test('a port as an argument is not reached', async () => {
  using channel = guardedChannel()
  const { port2 } = new MessageChannel()
  channel.guest.postMessage(apply('echo', [port2]), [port2])
  await channel.flush()
  expect(channel.violations).toEqual(['transferred-port'])
})

test('a method that was not granted is refused with its permission, and not run', async () => {
  using channel = guardedChannel()
  const { value } = await channel.ask(apply('notes.remove', []))
  expect(value).toMatchObject({
    ok: false,
    error: { code: 'PERMISSION_DENIED', message: 'notes.remove needs the permission write:notes.' },
  })
})

test.each(['constructor', '__proto__', 'toString', 'call', 'batch', 'has', 'get', '', 'notes', 'notes.'])(
  'the method name %j finds nothing',
  async (name) => {
    using channel = guardedChannel()
    expect((await channel.ask(apply(name, []))).value).toMatchObject({ error: { code: 'METHOD_UNKNOWN' } })
    const { value } = await channel.ask(applyBatch([[name, [[]]]], 'b'))
    expect(value).toMatchObject([[undefined], [[0, { code: 'METHOD_UNKNOWN' }]]])
    expect(channel.journal).toEqual([])
  },
)

test('arguments that do not fit the schema are refused before the method runs', async () => {
  using channel = guardedChannel()
  for (const args of [[], [7], ['longer than five'], [{ toString: 'x' }]]) {
    expect((await channel.ask(apply('notes.add', args))).value).toMatchObject({
      error: { code: 'INPUT_INVALID' },
    })
  }
  expect(channel.journal).toEqual([])
})

test('a revoked method is refused on the next call', async () => {
  using channel = guardedChannel()
  expect((await channel.ask(apply('echo', [1], 'a'))).value).toEqual({ ok: true, value: 1 })
  channel.host.setMethods(new Map())
  expect((await channel.ask(apply('echo', [1], 'b'))).value).toMatchObject({
    error: { code: 'METHOD_UNKNOWN' },
  })
})

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

function doubling(levels: number): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level++) value = [value, value]
  return value
}

const circle: unknown[] = []
circle.push(circle, circle)
const sparse: unknown[] = []
sparse.length = 4_000_000_000

const heavy: Record<string, [value: unknown, code: string]> = {
  'text over the limit': ['x'.repeat(1_000_001), 'PAYLOAD_TOO_LARGE'],
  'a buffer over the limit': [new ArrayBuffer(1_000_001), 'PAYLOAD_TOO_LARGE'],
  'a small view of a large buffer': [new Uint8Array(new ArrayBuffer(2_000_000), 0, 1), 'PAYLOAD_TOO_LARGE'],
  'a sparse list of four billion': [sparse, 'PAYLOAD_TOO_LARGE'],
  'shared references that unfold to 2^60 values': [doubling(60), 'PAYLOAD_TOO_LARGE'],
  'a circle': [circle, 'INPUT_INVALID'],
  'nesting without end': [nested(2000), 'INPUT_INVALID'],
  'an error object': [new Error('x'), 'INPUT_INVALID'],
  'a regular expression': [/(a+)+$/, 'INPUT_INVALID'],
  'a map': [new Map([[1, 2]]), 'INPUT_INVALID'],
  'a blob': [new Blob(['x']), 'INPUT_INVALID'],
  'a bigint of a million digits': [10n ** 100_000n, 'INPUT_INVALID'],
}

test.each(Object.entries(heavy))(
  '%s is refused without being walked to its end',
  async (_name, [value, code]) => {
    using channel = guardedChannel()
    const start = performance.now()
    expect((await channel.ask(apply('echo', [value]))).value).toMatchObject({ ok: false, error: { code } })
    expect(performance.now() - start).toBeLessThan(1000)
    expect(channel.journal).toEqual([])
    expect(channel.violations).toHaveLength(1)
  },
)

test.each([0, -1, 1.5, Number.NaN, 2 ** 60, '1', null, {}, [1]])(
  'a call with the key %j is dropped',
  async (key) => {
    using channel = guardedChannel()
    const value = ['echo', ['attack'], key]
    channel.guest.postMessage({ id: 'k', type: 'APPLY', path: ['call'], argumentList: [raw(value)] })
    await channel.flush()
    expect(channel.journal).toEqual([['echo', 'flush']])
    expect(channel.violations).toEqual(['arguments'])
  },
)

test('a key is used by one unanswered call at a time, and unknown keys cancel nothing', async () => {
  using channel = guardedChannel()
  const send = (id: string, name: string) =>
    channel.ask({ id, type: 'APPLY', path: ['call'], argumentList: [raw([name, [], 7])] })
  const first = send('a', 'hangs')
  expect((await send('b', 'hangs')).value).toMatchObject({ error: { code: 'INPUT_INVALID' } })
  channel.host.cancel(8)
  expect(channel.host.stats.pending).toBe(1)
  channel.host.cancel(7)
  expect((await first).value).toMatchObject({ error: { code: 'CALL_CANCELLED' } })
  channel.host.cancel(7)
  expect((await send('c', 'later')).value).toMatchObject({ ok: true })
  expect(channel.host.stats.pending).toBe(0)
})

test('an own key __proto__ fails its own call with words that say so, however often, and changes nothing', async () => {
  using channel = guardedChannel()
  const hostile = JSON.parse('{"deep":[{"__proto__":{"polluted":1}}]}')
  const error = { code: 'INPUT_INVALID', message: expect.stringContaining('a key __proto__') }
  for (let count = 0; count < 100; count++) {
    expect((await channel.ask(apply('echo', [hostile], `p${count}`))).value).toMatchObject({
      ok: false,
      error,
    })
  }
  const batch = await channel.ask(
    applyBatch([
      ['echo', [[1], [hostile]]],
      ['echo', [[hostile]], 9],
      ['echo', [[2]]],
    ]),
  )
  expect(batch.value).toMatchObject([
    [1, undefined, undefined, 2],
    [
      [1, error],
      [2, error],
    ],
  ])
  expect(channel.journal).toEqual([
    ['echo', 1],
    ['echo', 2],
  ])
  expect([channel.violations, channel.closedFor]).toEqual([[], []])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('a batch is measured as a whole', async () => {
  using channel = guardedChannel({ limits: { batchBytes: 3000, callBytes: 2000 } })
  const calls = Array.from({ length: 4 }, () => ['x'.repeat(1000)])
  const { value } = await channel.ask(applyBatch([['echo', calls]]))
  const [, failures] = value as [unknown, [number, { code: string }][]]
  expect(failures.map(([index, { code }]) => [index, code])).toEqual([
    [2, 'PAYLOAD_TOO_LARGE'],
    [3, 'PAYLOAD_TOO_LARGE'],
  ])
  expect(channel.journal).toHaveLength(2)
})

test('repeated violations close the port, and nothing after them is read', async () => {
  using channel = guardedChannel({ limits: { violations: 3 } })
  for (let count = 0; count < 3; count++) channel.guest.postMessage('attack')
  channel.guest.postMessage(apply('echo', ['after']))
  await new Promise((resolve) => channel.guest.addEventListener('close', resolve))
  expect(channel.closedFor).toEqual(['not-a-call'])
  expect(channel.journal).toEqual([])
  expect(channel.host.stats.closed).toBe(true)
})

test('a guest over its rate waits, in order, and a flood closes the port', async () => {
  let now = 0
  using channel = guardedChannel({ clock: () => now, limits: { messagesPerSecond: 10, flood: 20 } })
  const answers = Array.from({ length: 15 }, (_, count) => channel.ask(apply('echo', [count], `m${count}`)))
  await answers[9]
  expect(channel.journal).toHaveLength(10)
  now += 1000
  await Promise.all(answers)
  expect(channel.journal.map(([, count]) => count)).toEqual(Array.from({ length: 15 }, (_, count) => count))
  const closed = new Promise((resolve) => channel.guest.addEventListener('close', resolve))
  for (let count = 0; count < 100; count++) channel.guest.postMessage(apply('echo', ['flood'], `f${count}`))
  await closed
  expect(channel.closedFor).toEqual(['flood'])
  expect(channel.host.stats.messages).toBeLessThan(60)
})

test('a throttled guest goes at the rate it is given, and at its own again after', async () => {
  let now = 0
  using channel = guardedChannel({ clock: () => now, limits: { messagesPerSecond: 100 } })
  channel.host.throttle(5)
  const answers = Array.from({ length: 30 }, (_, count) => channel.ask(apply('echo', [count], `t${count}`)))
  await answers[4]
  expect(channel.journal).toHaveLength(5)
  expect(channel.host.stats.waiting).toBe(25)
  channel.host.throttle(undefined)
  now += 1000
  await Promise.all(answers)
  expect(channel.journal).toHaveLength(30)
})

test('a guest that awaits its answers is never a flood, however many it asks for', async () => {
  using channel = guardedChannel({ limits: { messagesPerSecond: 500, flood: 20 } })
  for (let count = 0; count < 800; count++) await channel.ask(apply('echo', [count], `m${count}`))
  expect(channel.host.stats).toMatchObject({ calls: 800, closed: false })
})

test('calls in batches and bytes in calls count against the rate', async () => {
  let now = 0
  const clock = () => now
  using batches = guardedChannel({ clock, limits: { messagesPerSecond: 41 } })
  const batch = [['echo', Array.from({ length: 1000 }, () => [])]]
  const all = [0, 1, 2, 3].map((count) => batches.ask(applyBatch(batch, `b${count}`)))
  await all[1]
  expect(batches.journal).toHaveLength(2000)
  now += 1100
  await Promise.all(all)
  expect(batches.journal).toHaveLength(4000)
  using bytes = guardedChannel({ clock, limits: { messagesPerSecond: 80 } })
  const heavy = [0, 1, 2, 3].map((count) => bytes.ask(apply('echo', ['x'.repeat(900_000)], `c${count}`)))
  await heavy[1]
  expect(bytes.journal).toHaveLength(2)
})

test('heavy messages are a flood long before as many light ones are', async () => {
  using channel = guardedChannel({ clock: () => 0, limits: { messagesPerSecond: 100, flood: 200 } })
  const closed = new Promise((resolve) => channel.guest.addEventListener('close', resolve))
  for (let count = 0; count < 60; count++) {
    channel.guest.postMessage(apply('echo', ['x'.repeat(900_000)], `h${count}`))
    if (count === 10) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await closed
  expect(channel.closedFor).toEqual(['flood'])
  expect(channel.host.stats.messages).toBeLessThan(30)
})

test('calls left unanswered are capped', async () => {
  using channel = guardedChannel({ limits: { inFlight: 3 } })
  const calls = Array.from({ length: 5 }, () => [])
  channel.guest.postMessage(applyBatch([['hangs', calls]], 'hanging'))
  await channel.flush()
  expect(channel.host.stats.pending).toBe(3)
  expect((await channel.ask(apply('later', [1], 'next'))).value).toMatchObject({
    error: { code: 'RATE_LIMITED', retryable: true },
  })
})

test('an error tells nothing of the host but what its code allows', async () => {
  using channel = guardedChannel()
  const { value } = await channel.ask(apply('throws', []))
  expect(JSON.stringify(value)).not.toMatch(/secret/)
  expect(value).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
})

test('a result that cannot be sent fails its own call only', async () => {
  using channel = guardedChannel()
  const { value } = await channel.ask(
    applyBatch([
      ['echo', [[1]]],
      ['function', [[]]],
      ['echo', [[2]]],
    ]),
  )
  expect(value).toMatchObject([[1, undefined, 2], [[1, { code: 'INTERNAL' }]]])
})
