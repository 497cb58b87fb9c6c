import { uiComponents, uiLimits } from '@mortise/contract'
import { RemoteReceiver, type RemoteReceiverNode } from '@remote-dom/core/receivers'
import { describe, expect, test } from 'vitest'
import { TreeGuard } from './tree-guard.ts'

function guarded(clock: () => number = () => 0) {
  const receiver = new RemoteReceiver()
  const dispatched: unknown[] = []
  const guard = new TreeGuard({
    receiver,
    clock,
    displayName: 'Plugin',
    dispatch: (listener, args) => dispatched.push([listener, ...args]),
  })
  return { guard, receiver, dispatched, tree: () => outline(receiver.root.children) }
}

function outline(nodes: readonly RemoteReceiverNode[]): unknown[] {
  return nodes.map((node) => {
    if (node.type === 3) return node.data
    if (node.type === 8) return null
    return [node.element, { ...node.properties }, Object.keys(node.eventListeners), outline(node.children)]
  })
}

const text = (id: string, data: unknown) => ({ id, type: 3, data })
const element = (id: string, name: string, rest: object = {}) => ({
  id,
  type: 1,
  element: name,
  children: [],
  ...rest,
})

test('elements, properties and listeners of the table pass', async () => {
  const { guard, receiver, tree, dispatched } = guarded()
  const field = element('2', 'm-text-field', { properties: { label: 'Name' }, eventListeners: { change: 9 } })
  const stack = element('1', 'm-stack', { properties: { gap: 'sm' }, children: [field, text('3', 'hello')] })
  expect(await guard.apply([[0, '~', stack, 0]])).toBeUndefined()
  expect(tree()).toEqual([
    ['m-stack', { gap: 'sm' }, [], [['m-text-field', { label: 'Name' }, ['change'], []], 'hello']],
  ])
  const node = receiver.get<RemoteReceiverNode>({ id: '2' })
  if (node?.type !== 1) throw new Error('no field')
  node.eventListeners.change?.('typed')
  node.eventListeners.change?.(7)
  node.eventListeners.change?.({ target: 'a real event' })
  expect(dispatched).toEqual([[9, 'typed']])
})

test('later records change, move and remove', async () => {
  const { guard, tree } = guarded()
  await guard.apply([
    [0, '~', element('1', 'm-text', { children: [text('2', 'a')] }), 0],
    [0, '~', element('3', 'm-badge'), 1],
    [3, '1', 'tone', 'muted', 1],
    [2, '2', 'b'],
    [1, '~', 1],
    [0, '~', element('3', 'm-badge', { properties: { tone: 'info' } }), 0],
  ])
  expect(tree()).toEqual([
    ['m-badge', { tone: 'info' }, [], []],
    ['m-text', { tone: 'muted' }, [], ['b']],
  ])
})

describe('a hostile tree', () => {
  test.each([
    'script',
    'iframe',
    'img',
    'm-unknown',
    'M-TEXT',
    'constructor',
    '__proto__',
    '',
    7,
    null,
    { toString: 'm-text' },
  ])('gets nothing of the element %j, and its siblings keep their places', async (name) => {
    const { guard, tree } = guarded()
    const inner = text('2', 'inside')
    await guard.apply([
      [0, '~', { ...element('1', ''), element: name, properties: { src: 'x' }, children: [inner] }, 0],
      [0, '~', text('3', 'after'), 1],
      [0, '1', text('4', 'late'), 0],
      [3, '1', 'tone', 'muted', 1],
      [2, '2', 'changed'],
    ])
    expect(tree()).toEqual([null, 'after'])
    await guard.apply([[1, '~', 0]])
    expect(tree()).toEqual(['after'])
  })

  test('gets no property beside the table, and none of a wrong value', async () => {
    const { guard, tree } = guarded()
    const properties = {
      href: 'javascript:alert(1)',
      onclick: 'alert(1)',
      dangerouslySetInnerHTML: { __html: '<b>' },
      style: 'position:fixed',
      className: 'x',
      ref: {},
      key: 'k',
      slot: 'x',
    }
    await guard.apply([
      [0, '~', element('1', 'm-link', { properties, attributes: { href: 'javascript:1' } }), 0],
    ])
    for (const [name, value] of Object.entries(properties)) {
      await guard.apply([
        [3, '1', name, value, 1],
        [3, '1', name, value, 2],
        [3, '1', name, value, 3],
      ])
    }
    for (const name of ['__proto__', 'constructor', 'toString'])
      await guard.apply([[3, '1', name, { polluted: 1 }, 1]])
    expect(tree()).toEqual([['m-link', { href: undefined }, [], []]])
    expect({}).not.toHaveProperty('polluted')
  })

  test.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:x',
    '/relative',
    '//host',
  ])('gets no link to %j', async (href) => {
    const { guard, tree } = guarded()
    await guard.apply([[0, '~', element('1', 'm-link', { properties: { href } }), 0]])
    expect(tree()).toEqual([['m-link', {}, [], []]])
  })

  test.each([
    ['no list', 'records'],
    ['an unknown kind', [9, '~', text('1', 'x'), 0]],
    ['an unknown parent', [0, 'nobody', text('1', 'x'), 0]],
    ['the root as a child', [0, '~', element('~', 'm-stack'), 0]],
    ['an id that is no text', [0, '~', { ...text('1', 'x'), id: { toString: '1' } }, 0]],
    ['an id with no end', [0, '~', text('1'.repeat(100), 'x'), 0]],
    ['an index beyond the end', [0, '~', text('1', 'x'), 5]],
    ['an index below zero', [0, '~', text('1', 'x'), -1]],
    ['an index that is no number', [0, '~', text('1', 'x'), '0']],
    [
      'the same id twice',
      [0, '~', element('1', 'm-stack', { children: [text('2', 'a'), text('2', 'b')] }), 0],
    ],
    [
      'a child of its own parent’s id',
      [0, '~', element('1', 'm-stack', { children: [element('1', 'm-text')] }), 0],
    ],
    ['a child that is nothing', [0, '~', element('1', 'm-stack', { children: [null] }), 0]],
    ['a removal from an empty tree', [1, '~', 0]],
  ])('changes nothing with %s', async (_what, record) => {
    const { guard, tree, receiver } = guarded()
    await guard.apply([record])
    expect(tree()).toEqual([])
    expect(receiver.root.version).toBe(0)
    // Nothing of a refused record is left behind: its ids are free.
    await guard.apply([[0, '~', text('1', 'free'), 0]])
    expect(tree()).toEqual(['free'])
  })

  test('gets no children into a component that draws none', async () => {
    const { guard, tree } = guarded()
    await guard.apply([
      [0, '~', element('1', 'm-divider', { children: [text('2', 'x')] }), 0],
      [0, '1', text('3', 'x'), 0],
    ])
    expect(tree()).toEqual([['m-divider', {}, [], []]])
  })

  test('gets no listener that is not a number, and none that the table lacks', async () => {
    const { guard, tree } = guarded()
    const eventListeners = { press: 'alert(1)', click: 3, load: 4 }
    await guard.apply([[0, '~', element('1', 'm-button', { eventListeners }), 0]])
    await guard.apply([
      [3, '1', 'press', -1, 3],
      [3, '1', 'click', 5, 3],
    ])
    expect(tree()).toEqual([['m-button', {}, ['press'], []]])
  })

  test('is stopped when it nests too deep', async () => {
    const { guard } = guarded()
    for (let depth = 0; depth < uiLimits.depth; depth++) {
      const parent = depth === 0 ? '~' : `${depth - 1}`
      expect(await guard.apply([[0, parent, element(`${depth}`, 'm-stack'), 0]])).toBeUndefined()
    }
    const error = await guard.apply([[0, `${uiLimits.depth - 1}`, element('last', 'm-stack'), 0]])
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('nested') })
  })

  test('is stopped when it grows too large', async () => {
    let now = 0
    const { guard } = guarded(() => now)
    let error: unknown
    for (let part = 0; part < 12 && !error; part++) {
      now += 10_000
      const children = Array.from({ length: 1000 }, (_, index) => text(`${part}-${index}`, 'x'))
      error = await guard.apply([[0, '~', element(`p${part}`, 'm-stack', { children }), 0]])
    }
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('components') })
  })

  test('is stopped when it holds too much, and what it let go does not count', async () => {
    let now = 0
    const { guard } = guarded(() => now)
    const options = Array.from({ length: 1000 }, () => ({ value: 'v'.repeat(500), label: 'l'.repeat(500) }))
    const select = (id: string) => element(id, 'm-select', { properties: { options } })
    for (let round = 0; round < 50; round++) {
      now += 1000
      expect(await guard.apply([[0, '~', select('1'), 0]])).toBeUndefined()
      expect(await guard.apply([[3, '1', 'options', options, 1]])).toBeUndefined()
      expect(await guard.apply([[1, '~', 0]])).toBeUndefined()
    }
    let error: unknown
    for (let count = 0; count < 25 && !error; count++)
      error = await guard.apply([[0, '~', select(`s${count}`), count]])
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('characters') })
  })

  test('is stopped when it changes too often', async () => {
    const { guard } = guarded()
    await guard.apply([[0, '~', text('1', 'x'), 0]])
    const records = Array.from({ length: 20_000 }, () => [2, '1', 'y'])
    let error: unknown
    for (let round = 0; round < 11 && !error; round++) error = await guard.apply(records)
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('a second') })
  })
})

test('every component of the table can be drawn', async () => {
  const { guard, tree } = guarded()
  const names = Object.values(uiComponents).map((definition) => definition.element)
  await guard.apply(names.map((name, index) => [0, '~', element(`${index}`, name), index]))
  expect(tree().map((node) => (node as unknown[])[0])).toEqual(names)
})
