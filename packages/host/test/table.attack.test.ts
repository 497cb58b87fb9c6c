/** Every row of the domain tables, attacked by the same hand: a new method is attacked the day it is written. */
import { createHostBridge } from '@mortise/bridge/host'
import { type BatchAnswer, type CallResult, frameworkDomain, methodTable, parse } from '@mortise/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileMethods, type FrameworkMethods } from '../src/guest-methods.ts'
import { workshop } from './stage/domain.ts'

const table = methodTable([workshop, frameworkDomain])
const guarded = [...table.values()].filter(({ permission }) => permission !== null)
const everything = new Set(guarded.map(({ permission }) => permission!))

/** What ran in the host, with which arguments. */
const ran: [name: string, args: readonly unknown[]][] = []
const framework = Object.fromEntries(
  [...table.keys()]
    .filter((name) => !guarded.some((method) => method.name === name))
    .map((name) => [name, (...args: readonly unknown[]) => void ran.push([name, args])]),
) as unknown as FrameworkMethods

function open(granted: ReadonlySet<string>) {
  const { port1, port2 } = new MessageChannel()
  const waiting = new Map<string, (value: unknown) => void>()
  const bridge = createHostBridge({
    port: port1,
    methods: compileMethods(table, framework, async (name, args) => void ran.push([name, args]), granted),
    limits: { messagesPerSecond: 1e6, violations: 1e6, flood: 1e6 },
  })
  port2.onmessage = ({ data }) => waiting.get(data.id)?.(data.value)
  let last = 0
  const send = (path: 'call' | 'batch', value: unknown) =>
    new Promise<unknown>((resolve) => {
      const id = String(++last)
      waiting.set(id, resolve)
      port2.postMessage({ id, type: 'APPLY', path: [path], argumentList: [{ type: 'RAW', value }] })
    })
  return { send, close: () => bridge.close() }
}

let none: ReturnType<typeof open>
let all: ReturnType<typeof open>

beforeAll(() => {
  none = open(new Set())
  all = open(everything)
})

afterAll(() => {
  none.close()
  all.close()
})

const circle: unknown[] = []
circle.push(circle)

const hostile: readonly unknown[][] = [
  [],
  [null],
  [undefined],
  [Number.NaN],
  [-1],
  [2 ** 60],
  [10n],
  ['__proto__'],
  ['constructor'],
  ['x'.repeat(100_000)],
  ['<img src=x onerror=alert(1)>'],
  [{}],
  [{ __proto__: null, constructor: { prototype: { polluted: 1 } } }],
  [JSON.parse('{"__proto__":{"polluted":1}}')],
  [{ length: 1, 0: 'x' }],
  [[[[[[]]]]]],
  [circle],
  [new Date(Number.NaN)],
  [new Uint8Array(10)],
  [new Map([['a', 1]])],
  [new Error('x')],
  Array.from({ length: 50 }, () => 'more than any method takes'),
]

const codes = new Set(['INPUT_INVALID', 'PAYLOAD_TOO_LARGE', 'RATE_LIMITED'])

test.each(guarded.map(({ name }) => name))(
  '%s does not run without its grant, alone or in a batch',
  async (name) => {
    ran.length = 0
    const refused = { ok: false, error: { code: 'PERMISSION_DENIED' } }
    for (const args of hostile) {
      const answer = (await none.send('call', [name, args])) as { ok: boolean; error: { code: string } }
      expect(answer.ok).toBe(false)
      expect(['PERMISSION_DENIED', ...codes]).toContain(answer.error.code)
    }
    expect(await none.send('call', [name, []])).toMatchObject(refused)
    expect(
      await none.send('batch', [
        [name, [[], []]],
        [name, [[]], 1],
      ]),
    ).toMatchObject([
      [undefined, undefined, undefined],
      [
        [0, refused.error],
        [1, refused.error],
        [2, refused.error],
      ],
    ])
    expect(await none.send('call', [name, [], 1])).toMatchObject(refused)
    expect(ran).toEqual([])
  },
)

test.each([...table.values()])(
  '$name runs with arguments that fit its schema and no others',
  async ({ name, args: schema }) => {
    ran.length = 0
    for (const args of hostile) {
      const alone = (await all.send('call', [name, args])) as CallResult
      const [, [failure]] = (await all.send('batch', [[name, [args]]])) as BatchAnswer
      for (const error of [alone.ok ? undefined : alone.error, failure?.[1]]) {
        if (error) expect(codes, `${name} ${JSON.stringify(error)}`).toContain(error.code)
      }
    }
    for (const [method, args] of ran) {
      expect(method).toBe(name)
      expect(parse(schema, args).ok).toBe(true)
    }
    expect({}).not.toHaveProperty('polluted')
  },
)

test.each([...table.keys()])('names that look like %s find nothing', async (name) => {
  ran.length = 0
  const [resource, method] = name.split('.')
  for (const alike of [
    `${name}.constructor`,
    `${name} `,
    ` ${name}`,
    name.toUpperCase(),
    `${resource}.__proto__.${method}`,
    `${resource}[${method}]`,
    `${name}\0`,
    resource,
    method,
  ]) {
    expect(await all.send('call', [alike, []])).toMatchObject({ error: { code: 'METHOD_UNKNOWN' } })
  }
  expect(ran).toEqual([])
})
