import { type HostMessage, s } from '@mortise/contract'
import { expect, test, vi } from 'vitest'
import { guardedChannel } from '../test/guarded-channel.ts'
import { createGuestBridge } from './guest.ts'
import type { BoundMethod } from './types.ts'

test('a call is answered with the value of the method', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  expect(await bridge.call('echo', { text: 'hello', when: new Date(0) })).toEqual({
    text: 'hello',
    when: new Date(0),
  })
  expect(await bridge.call('later', 7)).toBe(7)
})

test('calls of one microtask travel as one message, up to the limit of a batch', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const values = Array.from({ length: 2500 }, (_, index) => index)
  const answers = await Promise.all(values.map((value) => bridge.call('echo', value)))
  expect(answers).toEqual(values)
  expect(channel.host.stats).toMatchObject({ messages: 3, calls: 2500, pending: 0 })
})

test('calls of many microtasks are gathered where the host has no time to answer', async () => {
  using channel = guardedChannel({ limits: { messagesPerSecond: 100_000 } })
  const bridge = createGuestBridge(channel.guest)
  const answers: Promise<unknown>[] = []
  for (let count = 0; count < 3000; count++) {
    answers.push(bridge.call('echo', count))
    await undefined
  }
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 3000 }, (_, count) => count))
  expect(channel.host.stats).toMatchObject({ calls: 3000, closed: false })
  expect(channel.host.stats.messages).toBeLessThan(210)
})

test('a call sent alone is not held up by a batch that waits', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  void Promise.all([bridge.call('hangs'), bridge.call('echo', 1)]).catch(() => {})
  expect(await bridge.callAlone('echo', [2])).toBe(2)
  bridge.close()
})

test('an error keeps name, code, message, data and retryable, and no stack of the host', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const error = (await bridge.call('rejects').catch((thrown: unknown) => thrown)) as Error
  expect(error).toBeInstanceOf(Error)
  expect({ ...error, message: error.message }).toEqual({
    name: 'NoteNotFoundError',
    code: 'NOT_FOUND',
    message: 'no such note',
    data: { id: 7 },
    retryable: false,
  })
  expect(error.stack).not.toContain('guarded-channel')
})

test('one argument that cannot be sent fails its own call only', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const results = await Promise.allSettled([
    bridge.call('echo', 1),
    bridge.call('echo', () => {}),
    bridge.call('echo', 2),
  ])
  expect(results).toMatchObject([
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: { code: 'INPUT_INVALID' } },
    { status: 'fulfilled', value: 2 },
  ])
})

test('a call without an answer fails at its deadline, on either side', async () => {
  using slow = guardedChannel({ limits: { deadlineMs: 20 } })
  await expect(createGuestBridge(slow.guest).call('hangs')).rejects.toMatchObject({
    code: 'BRIDGE_TIMEOUT',
    message: 'hangs was not answered within 20 ms.',
    retryable: true,
  })
  expect(slow.host.stats.pending).toBe(0)
  using silent = guardedChannel()
  await expect(createGuestBridge(silent.guest, 20).call('hangs')).rejects.toMatchObject({
    code: 'BRIDGE_TIMEOUT',
    message: 'The host did not answer within 20 ms.',
  })
})

test('closing fails what is pending and what comes after', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const pending = bridge.call('hangs')
  await channel.flush()
  const queued = bridge.call('echo', 1)
  bridge.close()
  for (const call of [pending, queued, bridge.call('echo', 1), bridge.callAlone('echo', [1])]) {
    await expect(call).rejects.toMatchObject({ code: 'BRIDGE_CLOSED' })
  }
})

test('messages of the host reach listeners, answers do not', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const seen: HostMessage[] = []
  const stop = bridge.onMessage((message) => seen.push(message))
  channel.host.send({ type: 'ping', nonce: 1 })
  await bridge.call('echo', 1)
  stop()
  channel.host.send({ type: 'ping', nonce: 2 })
  await bridge.call('echo', 2)
  expect(seen).toEqual([{ type: 'ping', nonce: 1 }])
})

test('a closed host sends nothing', async () => {
  using channel = guardedChannel()
  const listener = vi.fn()
  channel.guest.addEventListener('message', listener)
  channel.host.close()
  channel.host.send({ type: 'ping', nonce: 1 })
  await new Promise((resolve) => channel.guest.addEventListener('close', resolve))
  expect(listener).not.toHaveBeenCalled()
})

/** A method that waits for its signal, and says what became of it. */
function waiting() {
  const seen: string[] = []
  const definition = { name: 'wait', summary: '', permission: null, effect: 'read' as const, params: [] }
  const cancel = { ...definition, name: 'calls.cancel', args: s.tuple([s.number()]), output: s.void() }
  const channel = guardedChannel()
  channel.host.setMethods(
    new Map<string, BoundMethod>([
      [
        'wait',
        {
          definition: { ...definition, args: s.tuple([s.boolean()]), output: s.void() },
          deadlineMs: 60_000,
          invoke: (_args, signal) => {
            seen.push(signal ? 'signal' : 'none')
            return new Promise((resolve) => {
              signal?.addEventListener('abort', () => {
                seen.push('aborted')
                resolve('too late')
              })
            })
          },
        },
      ],
      ['calls.cancel', { definition: cancel, invoke: ([key]) => channel.host.cancel(key as number) }],
    ]),
  )
  return { channel, seen, bridge: createGuestBridge(channel.guest) }
}

test('a call ends with its signal at once, and the provider of the host hears of it', async () => {
  const { channel, seen, bridge } = waiting()
  const controller = new AbortController()
  const call = bridge.callUntil(controller.signal, 'wait', [true])
  await expect.poll(() => seen).toEqual(['signal'])
  controller.abort(new Error('changed my mind'))
  await expect(call).rejects.toThrow('changed my mind')
  await expect.poll(() => seen).toEqual(['signal', 'aborted'])
  await expect.poll(() => channel.host.stats.pending).toBe(0)
  await expect(bridge.callUntil(controller.signal, 'wait', [true])).rejects.toThrow('changed my mind')
  expect(seen).toHaveLength(2)
  channel[Symbol.dispose]()
})

test('a call cancelled before it was sent never leaves, and one in a batch holds up no other', async () => {
  const { channel, seen, bridge } = waiting()
  const controller = new AbortController()
  const call = bridge.callUntil(controller.signal, 'wait', [true])
  controller.abort()
  await expect(call).rejects.toThrow()
  expect(seen).toEqual([])
  const second = new AbortController()
  const pair = [bridge.callUntil(second.signal, 'wait', [true]), bridge.call('not.there')]
  const results = Promise.allSettled(pair)
  await expect.poll(() => seen).toEqual(['signal'])
  second.abort()
  expect(await results).toMatchObject([{ status: 'rejected' }, { reason: { code: 'METHOD_UNKNOWN' } }])
  channel[Symbol.dispose]()
})

test('providers hear of a closed bridge too', async () => {
  const { channel, seen, bridge } = waiting()
  bridge.callUntil(new AbortController().signal, 'wait', [true]).catch(() => {})
  await expect.poll(() => seen).toEqual(['signal'])
  channel.host.close()
  expect(seen).toEqual(['signal', 'aborted'])
})

test('binary data is copied: what the caller sent stays its own', async () => {
  using channel = guardedChannel()
  const bridge = createGuestBridge(channel.guest)
  const bytes = new Uint8Array([1, 2, 3])
  expect(await bridge.call('echo', bytes)).toEqual(bytes)
  expect(bytes.buffer).toMatchObject({ byteLength: 3, detached: false })
})
