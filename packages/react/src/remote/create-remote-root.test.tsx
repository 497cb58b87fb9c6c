import { RemoteReceiver, type RemoteReceiverNode } from '@remote-dom/core/receivers'
import {
  createElement,
  type ReactNode,
  Suspense,
  startTransition,
  use,
  useState,
  ViewTransition,
} from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type * as components from '../index.ts'
import { createRemoteRoot } from './create-remote-root.ts'
import { remoteReact } from './index.ts'

const { Badge, Divider, Stack, Text } = remoteReact as unknown as typeof components
// React reports there what a renderer does wrong.
const complaints = vi.spyOn(console, 'error')
beforeEach(() => complaints.mockClear())
afterEach(() => expect(complaints).not.toHaveBeenCalled())

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)

function open() {
  const receiver = new RemoteReceiver()
  const sent: (readonly unknown[])[][] = []
  const errors: unknown[] = []
  const root = createRemoteRoot(
    (records) => {
      sent.push([...records])
      receiver.connection.mutate(records)
    },
    (error) => errors.push(error),
  )
  return { root, sent, errors, shown: () => receiver.root.children.map(print).join(''), receiver }
}

/** What the host has, as markup. */
function print(node: RemoteReceiverNode): string {
  if (node.type !== 1) return node.type === 3 ? node.data : '!'
  const name = node.element.slice(2)
  const props = Object.entries(node.properties).map(([key, value]) => ` ${key}=${value}`)
  return `<${name}${props.join('')}>${node.children.map(print).join('')}</${name}>`
}

test('the first picture is one record, sent before render returns', () => {
  const { root, sent, shown } = open()
  root.render(
    <Stack gap="sm">
      <Text>one</Text>
      two
    </Stack>,
  )
  expect(shown()).toBe('<stack gap=sm><text>one</text>two</stack>')
  expect(sent.map((records) => records.length)).toEqual([1])
  root.unmount()
  expect(shown()).toBe('')
})

test(`random trees in a row leave the host with the last one (SEED=${seed})`, () => {
  const random = randomOf(seed)
  const { root, shown, errors } = open()
  for (let round = 0; round < 400; round++) {
    const { node, printed } = randomChildren(random, 0)
    root.render(node)
    expect(shown(), `round ${round}`).toBe(printed)
  }
  expect(errors).toEqual([])
})

test('what waits again is out of sight, keeps its place, and comes back with what changed meanwhile', async () => {
  const { root, shown } = open()
  const tools: { wait: (until: Promise<string>) => void; count: (count: number) => void } = {
    wait: () => {},
    count: () => {},
  }
  const drawCount = () => {
    const [count, setCount] = useState(0)
    tools.count = setCount
    return <Badge>{`${count}`}</Badge>
  }
  const draw = () => {
    const [until, setUntil] = useState(() => Promise.resolve('first'))
    tools.wait = setUntil
    return (
      <Stack>
        <Text>before</Text>
        <Suspense fallback={<Divider />}>
          {createElement(drawCount)}
          text
          <Text>{createElement(() => use(until))}</Text>
        </Suspense>
        <Text>after</Text>
      </Stack>
    )
  }
  root.render(createElement(draw))
  const around = (inner: string) => `<stack><text>before</text>${inner}<text>after</text></stack>`
  expect(shown()).toBe(around('<divider></divider>'))
  await vi.waitFor(() => expect(shown()).toBe(around('<badge>0</badge>text<text>first</text>')))
  const next = Promise.withResolvers<string>()
  tools.wait(next.promise)
  await vi.waitFor(() => expect(shown()).toBe(around('<divider></divider>')))
  tools.count(7)
  next.resolve('second')
  await vi.waitFor(() => expect(shown()).toBe(around('<badge>7</badge>text<text>second</text>')))
})

test('a transition within a view transition draws without one', async () => {
  const { root, shown, errors } = open()
  let set: (text: string) => void = () => {}
  const draw = () => {
    const [text, setText] = useState('before')
    set = setText
    return (
      <ViewTransition>
        <Text key={text}>{text}</Text>
      </ViewTransition>
    )
  }
  root.render(createElement(draw))
  expect(shown()).toBe('<text>before</text>')
  startTransition(() => set('after'))
  await vi.waitFor(() => expect(shown()).toBe('<text>after</text>'))
  expect(errors).toEqual([])
})

test('an element that the host does not know is told without properties, and a ref has nothing to hold', () => {
  const { root, receiver, errors } = open()
  const refs: unknown[] = []
  root.render(
    <div className="x" ref={(value) => void refs.push(value)}>
      <Text>in</Text>
    </div>,
  )
  expect(receiver.root.children).toMatchObject([{ element: 'div', properties: {} }])
  expect(refs).toEqual([null])
  expect(errors).toEqual([])
})

test('a raw element hears its event as one', () => {
  const { root, receiver } = open()
  const onchange = vi.fn()
  root.render(createElement('m-text-field', { onchange }))
  const [field] = receiver.root.children
  if (field?.type !== 1) throw new Error('There is no field.')
  field.eventListeners.change?.('typed')
  expect(onchange.mock.calls).toMatchObject([[{ type: 'change', detail: 'typed' }]])
})

/** Children that keep some keys from one picture to the next, in any order. */
function randomChildren(random: () => number, depth: number): { node: ReactNode; printed: string } {
  const count = Math.floor(random() * (depth === 0 ? 8 : 4))
  const keys = Array.from({ length: 10 }, (_, key) => key).sort(() => random() - 0.5)
  const parts = keys.slice(0, count).map((key) => {
    if (random() < 0.25) return { node: [`t${key}`], printed: `t${key}` }
    const gap = random() < 0.5 ? 'sm' : 'md'
    const inner = depth < 3 ? randomChildren(random, depth + 1) : { node: null, printed: '' }
    const node = (
      <Stack key={key} gap={gap}>
        {inner.node}
      </Stack>
    )
    return { node, printed: `<stack gap=${gap}>${inner.printed}</stack>` }
  })
  return { node: parts.map(({ node }) => node), printed: parts.map(({ printed }) => printed).join('') }
}

/** Numbers below 1, the same for the same seed. */
function randomOf(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
