/**
 * Random messages that look more or less like those of the bridge, for both of its ends. The stage's page imports this
 * file, and plugins load it with its types taken out: so it imports nothing.
 */

const words = [
  'call',
  'batch',
  'notes.list',
  'notes.add',
  'secret.told',
  'write:notes',
  'guest.ready',
  'guest.mounted',
  'guest.failed',
  'guest.pong',
  'guest.painted',
  'guest.log',
  'events.subscribe',
  'events.unsubscribe',
  'events.acknowledge',
  'calls.cancel',
  'permissions.has',
  'permissions.request',
  'state.save',
  'ui.mutate',
  'ui.resize',
  '__proto__',
  'constructor',
  'prototype',
  'then',
  'toString',
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
  'children',
  'properties',
  'style',
  'ref',
  'dangerouslySetInnerHTML',
  'javascript:stolen=1',
  '<img src=x onerror=stolen=1>',
  'session.*',
  '*',
  '',
]
const messageTypes = ['mount', 'context', 'unmount', 'event', 'ui', 'grants', 'theme', 'ping', 'stop']

export interface Fuzzer {
  /** A message of a guest, and what it transfers. */
  message(): { readonly message: unknown; readonly transfer: readonly Transferable[] }
  /** A message of a host: answers of any shape to these ids, and what it says of no mount there is. */
  answer(ids: readonly string[]): unknown
}

/**
 * @param seed - The same seed gives the same messages.
 * @param elements - Names of components.
 * @param mount - The number of the widget that most changes are for.
 */
export function createFuzzer(
  seed: number,
  elements: readonly string[] = [],
  mount: () => number = () => 1,
): Fuzzer {
  // Mulberry32: small, seeded, good enough to wander through message shapes.
  let state = seed
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(random() * count)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const list = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
  const word = () => pick(words)
  const own = (entries: readonly (readonly [string, unknown])[]) => Object.fromEntries(entries)

  const value = (depth: number): unknown => {
    switch (below(depth > 0 ? 12 : 8)) {
      case 0:
        return word()
      case 1:
        return pick([0, 1, 2, -1, Number.NaN, 2 ** 53, 1e308])
      case 2:
        return pick([null, undefined, true, false])
      case 3:
        return { type: 'RAW', value: word() }
      case 4:
        return pick([new Date(0), new Map(), new Set([1]), /x/, new Error('x'), 7n, new Uint8Array(3)])
      case 5:
        return 'x'.repeat(below(100))
      case 6:
        return [word()]
      case 7:
        return [word(), []]
      case 8:
        return list(below(4), () => value(depth - 1))
      default:
        return own(list(below(5), () => [word(), value(depth - 1)] as const))
    }
  }

  const nodeId = () => (random() < 0.05 ? value(0) : `n${below(40)}`)
  const node = (depth: number): unknown => {
    const kind = random()
    if (kind < 0.1) return value(2)
    if (kind < 0.3) return { id: nodeId(), type: pick([3, 8]), data: random() < 0.8 ? word() : value(1) }
    return {
      id: nodeId(),
      type: 1,
      element: random() < 0.9 && elements.length > 0 ? pick(elements) : word(),
      properties: own(list(below(3), () => [word(), value(1)] as const)),
      attributes: value(1),
      eventListeners: random() < 0.5 ? { press: below(9), change: value(0) } : value(1),
      children: depth > 0 ? list(below(3), () => node(depth - 1)) : [],
    }
  }
  const record = (): unknown => {
    const at = random() < 0.3 ? '~' : nodeId()
    return pick([
      () => [0, at, node(3), below(4)],
      () => [0, at, node(3), below(4)],
      () => [1, at, below(4)],
      () => [2, at, value(0)],
      () => [3, at, word(), value(2), pick([1, 2, 3, undefined])],
      () => value(2),
    ])()
  }
  const args = (method: string): unknown => {
    if (method === 'ui.mutate' && random() < 0.9)
      return [random() < 0.9 ? mount() : below(5), list(1 + below(4), record)]
    return pick([[], value(2), [value(3)], [word()], [1, value(2)]])
  }
  const key = () => (random() < 0.2 ? [random() < 0.5 ? 1 + below(3) : value(0)] : [])
  const method = () => (random() < 0.3 ? 'ui.mutate' : word())
  const call = () => {
    const name = method()
    return [name, args(name), ...key()]
  }
  const run = () => {
    const name = method()
    return [name, list(1 + below(3), () => args(name)), ...key()]
  }
  const apply = (path: string, what: unknown): Record<string, unknown> => ({
    id: pick(['a', 'b']),
    type: 'APPLY',
    path: [path],
    argumentList: [{ type: 'RAW', value: what }],
  })
  const message = (): unknown => {
    if (random() < 0.15) return value(4)
    const made =
      random() < 0.5
        ? apply('call', call())
        : apply('batch', random() < 0.8 ? list(1 + below(4), run) : value(4))
    // A good message with one thing wrong goes deepest.
    if (random() < 0.4) made[pick(['id', 'type', 'path', 'argumentList', 'extra'])] = value(3)
    return made
  }

  const result = () =>
    pick([
      () => value(3),
      () => ({ ok: true, value: value(2) }),
      () => ({ ok: false, error: value(2) }),
      () => ({ ok: word(), error: { message: value(1), code: word() } }),
    ])()
  const unknownMount = () => 1000 + below(1000)
  const said: Readonly<Record<string, () => object>> = {
    context: () => ({ mount: unknownMount(), context: value(3) }),
    unmount: () => ({ mount: unknownMount() }),
    event: () => ({
      cursor: word(),
      event: { event_id: word(), event_type: word(), data: value(3) },
      to: list(below(3), () => below(9)),
    }),
    ui: () => ({ mount: unknownMount(), listener: below(9), args: list(below(3), () => value(2)) }),
    grants: () => ({ granted: list(below(3), word) }),
    theme: () => ({ theme: `--m-${word()}: ${word()};`, fonts: [], scene: below(9) }),
  }
  const answer = (ids: readonly string[]): unknown => {
    const kind = random()
    if (kind < 0.2) return value(4)
    if (kind < 0.6) {
      const shape = pick([result, () => [[result()], []], () => [[], [[pick([0, 1, -1]), result()]]]])
      return { id: pick([...ids, ...words]), type: word(), value: shape() }
    }
    const type = pick(Object.keys(said))
    const made = { type, ...said[type]?.() }
    // With an id it is no message of the host, whatever else it says.
    return random() < 0.2 ? { ...made, type: pick(messageTypes), id: word() } : made
  }

  return {
    message() {
      const made = message()
      const odd = random()
      if (odd < 0.01) return { message: made, transfer: [new MessageChannel().port2] }
      const buffer = new ArrayBuffer(8)
      if (odd < 0.02) return { message: { ...(made as object), buffer }, transfer: [buffer] }
      return { message: made, transfer: [] }
    },
    answer,
  }
}
