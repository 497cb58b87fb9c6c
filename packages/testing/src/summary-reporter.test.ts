import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const reporter = join(import.meta.dirname, 'summary-reporter.ts')

function lastLines(
  files: Record<string, string>,
  reporters: readonly string[] = ['--reporter=default', `--reporter=${reporter}`],
): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'mortise-summary-'))
  try {
    for (const [path, content] of Object.entries(files)) writeFileSync(join(dir, path), content)
    const args = [vitest, 'run', '--root', dir, '--globals', ...reporters]
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    return stdout.trimEnd().split('\n')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const lastLine = (files: Record<string, string>) => lastLines(files).at(-1)

test('the last line counts what passed, failed and was skipped, in all files', () => {
  const line = lastLine({
    'a.test.js': "test('a', () => {}); test('b', () => { throw new Error('no') }); test.skip('c', () => {})",
    'b.test.js': "test('d', () => {}); test.todo('e')",
  })
  expect(line).toBe('2 passed, 1 failed, 2 skipped')
})

test('a file that does not load counts as failed', () => {
  expect(lastLine({ 'a.test.js': "test('a', () => {})", 'b.test.js': 'throw new Error()' })).toBe(
    '1 passed, 1 failed, 0 skipped',
  )
})

test('a rejection that nobody caught counts as failed', () => {
  const line = lastLine({ 'a.test.js': "test('a', () => { Promise.reject(new Error('late')) })" })
  expect(line).toBe('1 passed, 1 failed, 0 skipped')
})

test('what the machine could not run has a line of its own above it', () => {
  const config = `export default { test: { reporters: [[${JSON.stringify(reporter)}, { notRun: ['Netscape: too old'] }]] } }`
  const files = { 'vitest.config.js': config, 'a.test.js': "test('a', () => {})" }
  expect(lastLines(files, []).slice(-2)).toEqual([
    'NOT RUN: Netscape: too old',
    '1 passed, 0 failed, 0 skipped',
  ])
})

test('what passed only when it was tried again has a line of its own above it', () => {
  const config = `export default { test: { retry: 1, reporters: [${JSON.stringify(reporter)}] } }`
  const files = {
    'vitest.config.js': config,
    'a.test.js':
      "let tries = 0; test('steady', () => {}); test('shaky', () => { if (++tries < 2) throw new Error() })",
  }
  expect(lastLines(files, []).slice(-2)).toEqual([
    'FAILED, THEN PASSED: a.test.js: shaky',
    '2 passed, 0 failed, 0 skipped',
  ])
})
