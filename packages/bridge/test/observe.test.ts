import { expect, test } from 'vitest'
import { createHostBridge, type MethodMap } from '../src/host.ts'
import { testMethods } from './guarded-channel.ts'

interface Told {
  readonly method: string
  readonly bytes: number
  readonly durationMs: number
  readonly outcome: string
}

function watched(methods: MethodMap = testMethods([])) {
  const { port1, port2 } = new MessageChannel()
  const told: Told[] = []
  const bridge = createHostBridge({
    port: port1,
    methods,
    onCall: (method, bytes, _startedAt, durationMs, outcome) =>
      told.push({ method, bytes, durationMs, outcome }),
  })
  const ask = (path: 'call' | 'batch', value: unknown) =>
    new Promise<unknown>((resolve) => {
      port2.onmessage = ({ data }) => resolve(data)
      port2.postMessage({ id: 'x', type: 'APPLY', path: [path], argumentList: [{ type: 'RAW', value }] })
    })
  return { bridge, told, ask, [Symbol.dispose]: () => bridge.close() }
}

test('every call of a batch is told once, with its size and outcome, whatever became of it', async () => {
  using channel = watched()
  await channel.ask('batch', [
    ['echo', [['hello']]],
    ['later', [[1]]],
    ['not.there', [[]]],
    ['notes.add', [['far too long']]],
  ])
  const outcomes = channel.told.map(({ method, outcome }) => `${method} ${outcome}`)
  expect(outcomes.sort()).toEqual([
    'echo OK',
    'later OK',
    'not.there METHOD_UNKNOWN',
    'notes.add INPUT_INVALID',
  ])
  expect(channel.told.find(({ method }) => method === 'echo')?.bytes).toBe(21)
})

test('a call that waits is told when it is over, and one left unanswered when the bridge closes', async () => {
  let resolve: ((value: unknown) => void) | undefined
  const base = testMethods([]).get('echo')!
  const methods: MethodMap = new Map([
    [
      'slow',
      {
        ...base,
        invoke: () =>
          new Promise((done) => {
            resolve = done
          }),
      },
    ],
    ['never', { ...base, invoke: () => new Promise(() => {}) }],
    ['echo', base],
  ])
  using channel = watched(methods)
  const answered = channel.ask('call', ['slow', []])
  // A busy machine reads the call late, and its time is told from then on.
  await expect.poll(() => resolve).toBeDefined()
  await new Promise((done) => setTimeout(done, 30))
  expect(channel.told).toEqual([])
  resolve?.('done')
  await answered
  expect(channel.told).toMatchObject([{ method: 'slow', outcome: 'OK' }])
  expect(channel.told[0]!.durationMs).toBeGreaterThan(20)
  channel.ask('call', ['never', []])
  await channel.ask('call', ['echo', []])
  channel.bridge.close()
  expect(channel.told.at(-1)).toMatchObject({ method: 'never', outcome: 'BRIDGE_CLOSED' })
})
