import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../dist/sandbox-assets')
const codeOf = (file: string) => readFileSync(join(folder, file), 'utf8')
const bytesOf = (file: string) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length

/** Files that come with some others, without what is imported later. */
function closure(files: readonly string[], seen = new Set<string>()): Set<string> {
  for (const file of files) {
    if (seen.has(file)) continue
    seen.add(file)
    closure(
      [...codeOf(file).matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g)].map(([, path]) => path!),
      seen,
    )
  }
  return seen
}

const later = (file: string) =>
  [...codeOf(file).matchAll(/import\(["'`]\.\/([^"'`]+)["'`]\)/g)].map(([, path]) => path!)
const sum = (files: Iterable<string>) => [...files].reduce((total, file) => total + bytesOf(file), 0)

// What a worker loads before any plugin: its document, its realm, and the tree it draws into.
const boot = closure(['worker.js', 'worker-realm.js', ...later('worker-realm.js')])

test('the shared boot of a worker stays under 28 kB', () => {
  expect(boot.size).toBeGreaterThan(4)
  expect(sum(boot)).toBeLessThan(28_000)
})

test('React and the federation runtime are not part of it', () => {
  const names = [...boot].join(' ')
  expect(names).not.toMatch(/client-|react-|foreign/)
  expect(readdirSync(folder).join(' ')).toMatch(/open-foreign-container-/)
})
