import type { RemoteReceiverElement } from '@remote-dom/core/receivers'
import { expect, test, vi } from 'vitest'
import { readProps } from './remote-tree.tsx'

const node = (part: Partial<RemoteReceiverElement>) =>
  ({
    id: '1',
    type: 1,
    element: 'm-button',
    version: 0,
    children: [],
    properties: {},
    attributes: {},
    eventListeners: {},
    ...part,
  }) as RemoteReceiverElement

test('reads the properties of the component table and no others', () => {
  const properties = {
    variant: 'primary',
    label: 'Save',
    style: { position: 'fixed' },
    className: 'm-frame__bar',
    dangerouslySetInnerHTML: { __html: '<img src=x onerror=alert(1)>' },
    ref: () => {},
    key: 'k',
    children: 'x',
    id: 'root',
  }
  expect(readProps(node({ properties }))).toEqual({ variant: 'primary', label: 'Save' })
})

test('reads nothing from attributes, and nothing that is inherited', () => {
  const inherited = Object.create({ variant: 'danger' })
  expect(readProps(node({ properties: inherited, attributes: { label: 'x', slot: 'icon' } }))).toEqual({})
})

test('passes on events of the table and ignores the rest', () => {
  const press = vi.fn()
  const props = readProps(node({ eventListeners: { press, click: vi.fn(), mouseenter: vi.fn() } }))
  expect(Object.keys(props)).toEqual(['onPress'])
  ;(props.onPress as () => void)()
  expect(press).toHaveBeenCalledOnce()
})

test('ignores a listener that is not a function', () => {
  expect(readProps(node({ eventListeners: { press: 7 as never } }))).toEqual({})
})

test('an element outside the table has no properties', () => {
  expect(readProps(node({ element: 'script', properties: { src: 'x' } }))).toEqual({})
})
