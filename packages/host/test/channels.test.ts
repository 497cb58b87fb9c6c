import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { departures, frameOnly, shared } from './channels.ts'

const root = join(import.meta.dirname, '../../..')
const [, network = '', rest = ''] = readFileSync(join(root, 'docs/internals/channels.md'), 'utf8').split(
  /^## /m,
)

const rowsOf = (section: string) =>
  section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '))

test('the page lists every channel that the suite tries, with the realms it tries it in, and no other', () => {
  const tried = [
    ...Object.keys(shared).map((name) => [name, 'worker, frame']),
    ...Object.keys(frameOnly).map((name) => [name, 'frame']),
    ...departures.map(([name]) => [name, 'frame, leaving']),
  ]
  expect(tried.length).toBeGreaterThan(60)
  expect(rowsOf(network).map(([name, realms]) => [name, realms])).toEqual(tried)
})

test('every other attack that the page names is a test', () => {
  const named = rowsOf(rest)
  expect(named.length).toBeGreaterThan(10)
  for (const [, suite = '', title = ''] of named) {
    const file = join(root, suite.replaceAll('`', ''))
    expect(existsSync(file), suite).toBe(true)
    expect(readFileSync(file, 'utf8'), suite).toContain(title)
  }
})
