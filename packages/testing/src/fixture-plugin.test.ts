import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { fixturePlugin } from './fixture-plugin.ts'

test('packs a manifest given as a value or as a text, and files with any path', () => {
  const files = unzipSync(fixturePlugin({ manifest: { name: 'a' }, files: { '../evil.js': 'x' } }))
  expect(strFromU8(files['manifest.json']!)).toBe('{"name":"a"}')
  expect(strFromU8(files['../evil.js']!)).toBe('x')
  expect(strFromU8(unzipSync(fixturePlugin({ manifest: '{ not json' }))['manifest.json']!)).toBe('{ not json')
  expect(Object.keys(unzipSync(fixturePlugin({ files: { a: 'b' } })))).toEqual(['a'])
})
