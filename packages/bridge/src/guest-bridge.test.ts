import type { HostMessage } from '@mortise/contract'
import { expect, test, vi } from 'vitest'
import { guardedChannel } from '../test/guarded-channel.ts'
import { createGuestBridge } from './guest.ts'

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
