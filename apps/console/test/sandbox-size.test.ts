import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../dist/sandbox-assets')
const codeOf = (name: string) => readFileSync(join(folder, `${name}.js`), 'utf8')
const scripts = ['worker-realm', 'worker-react', 'worker-react-dom', 'worker-federation']

test('what every worker runs before its plugin stays under 26 kB', () => {
  expect(gzipSync(codeOf('worker-realm'), { level: 9 }).length).toBeLessThan(26_000)
})

test('React and the federation runtime come only to the plugins that want them', () => {
  expect(codeOf('worker-react')).toMatch(/useSyncExternalStore/)
  expect(codeOf('worker-react-dom')).toMatch(/createRoot/)
  expect(codeOf('worker-federation')).toMatch(/_FEDERATION_RUNTIME_CORE/)
  expect(codeOf('worker-realm')).not.toMatch(/useSyncExternalStore|_FEDERATION_RUNTIME_CORE/)
})

test('a plugin that shares React without React DOM pays for no document to draw into', () => {
  expect(codeOf('worker-react')).not.toMatch(/createElementNS|hydrateRoot/)
  expect(gzipSync(codeOf('worker-react'), { level: 9 }).length).toBeLessThan(50_000)
})

test.each(scripts)('%s is one classic script', (name) => {
  // Parses what a module alone may hold as a syntax error.
  expect(() => new Script(codeOf(name))).not.toThrow()
})
