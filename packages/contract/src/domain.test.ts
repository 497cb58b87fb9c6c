import { expect, test } from 'vitest'
import { defineDomain, maySeeEvent, methodTable } from './domain.ts'
import { frameworkDomain } from './framework-domain.ts'
import { describePermission } from './permission.ts'
import { s } from './schema.ts'

const shop = {
  name: 'shop',
  version: '1.0.0',
  permissions: { 'read:orders': { risk: 'low', sentence: 'See orders' } },
  resources: {
    orders: {
      list: {
        summary: 'Lists.',
        permission: 'read:orders',
        effect: 'read',
        params: [],
        args: s.tuple([]),
        output: s.unknown(),
      },
    },
  },
  events: {
    'order.created': { summary: 'New.', permission: 'read:orders', version: 1, data: s.unknown() },
  },
  slots: {},
} as const

test('a domain that names a permission it does not define is refused', () => {
  const broken = { ...shop, permissions: {} }
  expect(() => defineDomain(broken)).toThrow("orders.list needs permission 'read:orders'")
  expect(() => defineDomain(broken)).toThrow('event order.created needs permission')
})

test('the method table has the rows of all domains and nothing inherited', () => {
  const table = methodTable([frameworkDomain, defineDomain(shop)])
  expect(table.get('orders.list')?.permission).toBe('read:orders')
  for (const name of ['constructor', 'toString', '__proto__', 'orders.constructor', 'orders.__proto__']) {
    expect(table.has(name), name).toBe(false)
  }
})

test('two domains cannot define the same method', () => {
  const domain = defineDomain(shop)
  expect(() => methodTable([domain, { ...domain, name: 'other' }])).toThrow(
    'Two domains define the method orders.list',
  )
})

test('an event is seen with its permission only, and an unknown type by nobody', () => {
  const grants = new Set(['read:orders'])
  expect(maySeeEvent([shop], { event_type: 'order.created' }, grants)).toBe(true)
  expect(maySeeEvent([shop], { event_type: 'order.created' }, new Set())).toBe(false)
  expect(maySeeEvent([shop], { event_type: 'order.paid' }, grants)).toBe(false)
})

test('an unknown permission is medium, never low, and known to nobody', () => {
  expect(describePermission('teleport', [shop])).toEqual({
    name: 'teleport',
    known: false,
    risk: 'medium',
    sentence: 'teleport',
  })
  expect(describePermission('toString', [shop])).toMatchObject({ known: false, risk: 'medium' })
})
