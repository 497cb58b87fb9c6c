// The order matters and is what is under test: document first, what React looks for beside it, React last.
import '@remote-dom/core/polyfill'
import '@remote-dom/react/polyfill'
import { uiComponents } from '@mortise/contract'
import type { WidgetContext } from '@mortise/sdk'
import { markRoot, offerTreeSink, type TreeSink } from '@mortise/sdk/tree-sink'
import { createRemoteElement, RemoteRootElement } from '@remote-dom/core/elements'
import { RemoteReceiver, type RemoteReceiverElement } from '@remote-dom/core/receivers'
import { useState } from 'react'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import * as throughTheDocument from '../src/index.ts'
import { remoteReact } from '../src/remote/index.ts'

const ways = {
  'through the document': throughTheDocument,
  'past the document': remoteReact as unknown as typeof throughTheDocument,
}

beforeAll(() => {
  customElements.define('test-root', class extends RemoteRootElement {})
  for (const { element, props, events } of Object.values(uiComponents)) {
    customElements.define(
      element,
      createRemoteElement({
        properties: Object.fromEntries(Object.keys(props).map((name) => [name, { default: undefined }])),
        events: Object.fromEntries(Object.keys(events).map((name) => [name, {}])),
      }),
    )
  }
})

test('both ways have the same names', () => {
  const [some, others] = Object.values(ways).map((way) => Object.keys(way).sort())
  expect(others).toEqual(some)
})

describe.each(Object.entries(ways))('%s', (_way, way) => {
  const { Badge, Button, Stack, TextField, useApi, useEvent, usePermission, useSlotContext, widget } = way
  const mount = (Component: () => React.ReactNode) => mountWith(widget, Component)

  test('a component arrives with its properties, its text and its listeners', async () => {
    const pressed = vi.fn()
    const { receiver } = mount(() => (
      <Stack direction="row" gap="md">
        <Badge tone="success">running</Badge>
        <Button variant="primary" loading={false} onPress={pressed}>
          Hibernate
        </Button>
      </Stack>
    ))
    const [stack] = await children(receiver, 1)
    expect(stack).toMatchObject({ element: 'm-stack', properties: { direction: 'row', gap: 'md' } })
    const [badge, button] = (stack as RemoteReceiverElement).children as RemoteReceiverElement[]
    expect(badge).toMatchObject({
      element: 'm-badge',
      properties: { tone: 'success' },
      children: [{ data: 'running' }],
    })
    expect(button!.properties).toEqual({ variant: 'primary', loading: false })
    button!.eventListeners.press!()
    expect(pressed).toHaveBeenCalledExactlyOnceWith()
  })

  test('a listener lasts while its callback changes, and calls the newest one', async () => {
    const seen: string[] = []
    const { receiver, records } = mount(() => {
      const [text, setText] = useState('')
      const change = (next: string) => {
        seen.push(`${text}>${next}`)
        setText(next)
      }
      return <TextField value={text} onChange={change} />
    })
    const [field] = (await children(receiver, 1)) as RemoteReceiverElement[]
    const listener = field!.eventListeners.change
    field!.eventListeners.change!('a')
    await vi.waitFor(() => expect(field!.properties.value).toBe('a'))
    field!.eventListeners.change!('ab')
    await vi.waitFor(() => expect(field!.properties.value).toBe('ab'))
    expect(seen).toEqual(['>a', 'a>ab'])
    expect(field!.eventListeners.change).toBe(listener)
    // One insertion, then nothing but the two values.
    expect(records.map(([type, , name]) => [type, type === 3 ? name : ''])).toEqual([
      [0, ''],
      [3, 'value'],
      [3, 'value'],
    ])
  })

  test('a property that goes away goes back to its default', async () => {
    const { receiver } = mount(() => {
      const [busy, setBusy] = useState(true)
      return (
        <Button loading={busy || undefined} label={busy ? 'Busy' : undefined} onPress={() => setBusy(false)}>
          Go
        </Button>
      )
    })
    const [button] = (await children(receiver, 1)) as RemoteReceiverElement[]
    expect(button!.properties).toEqual({ loading: true, label: 'Busy' })
    button!.eventListeners.press!()
    await vi.waitFor(() => expect(button!.properties.loading ?? undefined).toBeUndefined())
    expect(button!.properties.label ?? undefined).toBeUndefined()
  })

  test('hooks follow grants, the slot and events, and stop with the widget', async () => {
    const { receiver, context, unmount } = mount(() => {
      const { granted } = usePermission('read:sessions')
      const { team } = useSlotContext<{ team: string }>()
      const [count, setCount] = useState(0)
      const api = useApi<{ name: string }>()
      useEvent('session.*', () => setCount((before) => before + 1))
      return <Badge>{`${api.name} ${granted} ${team} ${count}`}</Badge>
    })
    const shown = async (text: string) => {
      await vi.waitFor(() => expect(textOf(receiver)).toBe(text))
    }
    await shown('api false blue 0')
    context.grant('read:sessions')
    await shown('api true blue 0')
    context.say({ team: 'red' })
    await shown('api true red 0')
    context.emit()
    await shown('api true red 1')
    unmount()
    expect(receiver.root.children).toEqual([])
    expect(context.listeners()).toBe(0)
  })

  test('an error in drawing fails the widget and nothing else', async () => {
    const thrown = new Error('broken')
    const { context } = mount(() => {
      throw thrown
    })
    await vi.waitFor(() => expect(context.failed).toEqual([thrown]))
  })
})

function mountWith(widget: typeof throughTheDocument.widget, Component: () => React.ReactNode) {
  const receiver = new RemoteReceiver()
  const records: (readonly unknown[])[] = []
  const root = document.createElement('test-root') as RemoteRootElement
  const mutate: TreeSink = (added) => {
    records.push(...added)
    receiver.connection.mutate(added)
  }
  root.connect({ call: receiver.connection.call, mutate })
  document.body.append(root)
  const context = createContext(root)
  offerTreeSink(context.value, mutate)
  markRoot(root, mutate)
  const unmount = widget(Component)(context.value) as () => void
  return { receiver, records, context, unmount }
}

/** A widget context whose grants, slot and events the test decides. */
function createContext(root: Element) {
  const grantListeners = new Set<(granted: ReadonlySet<string>) => void>()
  const contextListeners = new Set<(context: unknown) => void>()
  const eventListeners = new Set<(event: never) => void>()
  const failed: unknown[] = []
  let granted: ReadonlySet<string> = new Set()
  let said: unknown = { team: 'blue' }
  const add = <T,>(set: Set<T>, listener: T) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  const value = {
    root,
    api: { name: 'api' },
    get context() {
      return said
    },
    onDidChangeContext: (listener: (context: unknown) => void) => add(contextListeners, listener),
    events: { on: (_type: string, listener: (event: never) => void) => add(eventListeners, listener) },
    permissions: {
      has: (name: string) => granted.has(name),
      request: async () => true,
      onDidChange: (listener: (granted: ReadonlySet<string>) => void) => add(grantListeners, listener),
    },
    fail: (error: unknown) => failed.push(error),
  } as unknown as WidgetContext
  return {
    value,
    failed,
    grant(name: string) {
      granted = new Set([...granted, name])
      for (const listener of grantListeners) listener(granted)
    },
    say(next: unknown) {
      said = next
      for (const listener of contextListeners) listener(next)
    },
    emit() {
      for (const listener of eventListeners) listener({} as never)
    },
    listeners: () => grantListeners.size + contextListeners.size + eventListeners.size,
  }
}

async function children(receiver: RemoteReceiver, count: number) {
  await vi.waitFor(() => expect(receiver.root.children).toHaveLength(count))
  return receiver.root.children
}

function textOf(receiver: RemoteReceiver): string {
  const [badge] = receiver.root.children as RemoteReceiverElement[]
  return (badge?.children ?? []).map((child) => (child.type === 3 ? child.data : '')).join('')
}
