import { s } from '@mortise/contract'
import { expect, test } from 'vitest'
import { apply, guardedChannel } from '../test/guarded-channel.ts'
import { createGuestBridge, transfer } from './guest.ts'
import type { BoundMethod, MethodMap } from './types.ts'

const bytes = (length: number) => new Uint8Array(length).fill(7)
const method = (name: string, invoke: BoundMethod['invoke']): MethodMap =>
  new Map([
    [
      name,
      {
        definition: {
          name,
          summary: '',
          permission: null,
          effect: 'read',
          params: [],
          args: s.tuple([]),
          output: s.unknown(),
        },
        invoke,
      },
    ],
  ])

test('a buffer that is handed over arrives and is empty at its sender', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const sent = bytes(1000)
  await bridge.call('echo', transfer(sent, [sent.buffer]))
  expect(sent.buffer.detached).toBe(true)
  expect(channel.journal).toEqual([['echo', bytes(1000)]])
})

test('one that is not marked is copied', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const sent = bytes(1000)
  expect(await bridge.call('echo', sent)).toEqual(bytes(1000))
  expect(sent.buffer.detached).toBe(false)
})

test('calls of one microtask hand theirs over together', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const sent = [bytes(1), bytes(2), bytes(3)]
  const answers = await Promise.all(
    sent.map((part, index) => bridge.call('echo', index === 1 ? part : transfer({ part }, [part.buffer]))),
  )
  expect(answers).toEqual([{ part: bytes(1) }, bytes(2), { part: bytes(3) }])
  expect(sent.map(({ buffer }) => buffer.detached)).toEqual([true, false, true])
  expect(channel.host.stats.messages).toBe(1)
})

test.each(['at once', 'later'])('a provider hands its buffers over, %s, in a batch too', async (when) => {
  const kept: Uint8Array<ArrayBuffer>[] = []
  using channel = guardedChannel({
    methods: method('read', () => {
      const part = bytes(10)
      kept.push(part)
      const answer = transfer({ part }, [part.buffer])
      return when === 'later' ? Promise.resolve(answer) : answer
    }),
  })
  const bridge = createGuestBridge(channel.guest)
  expect(await bridge.call('read')).toEqual({ part: bytes(10) })
  expect(await Promise.all([bridge.call('read'), bridge.call('read')])).toEqual([
    { part: bytes(10) },
    { part: bytes(10) },
  ])
  expect(kept.map(({ buffer }) => buffer.detached)).toEqual([true, true, true])
})

test('of a provider that hands one buffer over twice the second answer fails, and no other', async () => {
  const part = bytes(10)
  using channel = guardedChannel({ methods: method('read', () => ({ part })) })
  const bridge = createGuestBridge(channel.guest)
  transfer(part, [part.buffer])
  structuredClone(part, { transfer: [part.buffer] })
  await expect(bridge.call('read')).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(channel.host.stats.closed).toBe(false)
})

const { port1 } = new MessageChannel()
const gone = new ArrayBuffer(8)
structuredClone(gone, { transfer: [gone] })
const twice = new ArrayBuffer(8)

test.each<[string, readonly unknown[], RegExp]>([
  ['a port', [port1], /Only an ArrayBuffer/],
  ['shared memory', [new SharedArrayBuffer(8)], /Only an ArrayBuffer/],
  ['a stream', [new ReadableStream()], /Only an ArrayBuffer/],
  ['a view', [bytes(1)], /Only an ArrayBuffer/],
  ['a buffer that is gone', [gone], /transferred before/],
  ['a buffer named twice', [twice, twice], /named twice/],
])('%s cannot be marked', (_name, buffers, message) => {
  const attempt = () => transfer({}, buffers as ArrayBuffer[])
  expect(attempt).toThrow(message)
  expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
})

test('of two calls with one buffer the first is served and the second is refused', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const buffer = new ArrayBuffer(8)
  const [first, second, third] = await Promise.allSettled([
    bridge.call('echo', transfer({ buffer }, [buffer])),
    bridge.call('echo', transfer({ buffer }, [buffer])),
    bridge.call('echo', 3),
  ])
  expect(first).toMatchObject({ status: 'fulfilled' })
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'INPUT_INVALID' } })
  expect(third).toMatchObject({ value: 3 })
  await expect(bridge.call('echo', { buffer })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

test('what is handed over counts like what is copied', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const buffer = new ArrayBuffer(1_000_001)
  await expect(bridge.call('echo', transfer({ buffer }, [buffer]))).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
  })
  expect(channel.journal).toEqual([])
})

test('a guest that transfers something else by hand is dropped', async () => {
  using channel = guardedChannel()
  const stream = new ReadableStream()
  const { port1: port } = new MessageChannel()
  channel.guest.postMessage(apply('echo', [stream]), [stream as unknown as Transferable, new ArrayBuffer(8)])
  channel.guest.postMessage(apply('echo', [1]), [port])
  await channel.flush()
  expect(channel.violations).toHaveLength(2)
  expect(channel.journal).toEqual([['echo', 'flush']])
})
