import { expect, it } from 'vitest'
import { matchPath, splitPath } from './match-path.ts'

it.each([
  ['/', '/', {}],
  ['/items', '/items', {}],
  ['/items/:id', '/items/a%20b', { id: 'a b' }],
  ['/:kind/:id', '/a/b', { kind: 'a', id: 'b' }],
  ['/files/*', '/files/a/b.txt', { '*': 'a/b.txt' }],
  ['/files/*', '/files/', { '*': '' }],
  ['/*', '/', { '*': '' }],
  ['/*', '/a/b', { '*': 'a/b' }],
  ['/a/*/c', '/a/b/c', {}],
])('%s fits %s', (pattern, path, params) => {
  expect({ ...matchPath(pattern, splitPath(path)!) }).toEqual(params)
})

it.each([
  ['/items', '/items/1'],
  ['/items', '/Items'],
  ['/items/:id', '/items'],
  ['/items/:id', '/items/'],
  ['/files/*', '/files'],
  ['/a/*/c', '/a//c'],
  ['/', '/x'],
])('%s does not fit %s', (pattern, path) => {
  const parts = splitPath(path)
  expect(parts && matchPath(pattern, parts)).toBeUndefined()
})

it.each([
  '/..',
  '/a/../b',
  '/a/%2e%2e/b',
  '/a/.%2E/b',
  '/./a',
  '/a//b',
  '/a%2fb',
  '/a%5cb',
  '/a\\b',
  '/%00',
  '/%zz',
  '/%c0%ae',
])('%s is no path', (path) => {
  expect(splitPath(path)).toBeUndefined()
})

it('keeps parameters named like parts of objects as data', () => {
  const params = matchPath('/:__proto__/:constructor', ['a', 'b'])!
  expect(Object.getPrototypeOf(params)).toBeNull()
  expect(JSON.stringify(params)).toBe('{"__proto__":"a","constructor":"b"}')
})
