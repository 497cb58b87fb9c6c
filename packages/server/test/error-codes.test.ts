import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes, nodeErrorMeanings } from '@mortise/contract'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** Source of all packages and apps, without tests and the list itself. */
const sources = globSync('{packages,apps}/*/src/**/*.{ts,tsx}', { cwd: root })
  .filter((file) => !/\.test\.|contract\/src\/errors\.ts$/.test(file))
  .map((file) => readFileSync(join(root, file), 'utf8'))

it('has every code in the documented list, with its status and hint, and no other', () => {
  const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (yes|no) \|/gm)].map(
    ([, code, status, retry]) => [code, Number(status), retry === 'yes'],
  )
  expect(documented).toEqual(
    Object.entries(errorCodes).map(([code, { status, retryable }]) => [code, status, retryable]),
  )
})

it('makes no code that is not in the list', () => {
  const made = sources.flatMap((text) =>
    [...text.matchAll(/new MortiseError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!),
  )
  expect(made.length).toBeGreaterThan(50)
  expect(made.filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([])
})

it('uses every code of the list', () => {
  const all = sources.join('\n')
  expect(Object.keys(errorCodes).filter((code) => !all.includes(`'${code}'`))).toEqual([])
})

it('has every code of Node that a sandbox throws in the documented list, and no other', () => {
  const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')
  const [, inside = ''] = page.split('## Inside the sandbox')
  const documented = [...inside.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \|$/gm)].map(([, code, text]) => [
    code,
    text,
  ])
  expect(documented).toEqual(Object.entries(nodeErrorMeanings))
  const guest = globSync('packages/isolate/src/{guest,child}/*.ts', { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  const thrown = guest.flatMap((text) =>
    [...text.matchAll(/'((?:ERR_)?MODULE_[A-Z_]+|ERR_[A-Z_]+)'/g)].map(([, code]) => code),
  )
  expect([...new Set(thrown)].sort()).toEqual(Object.keys(nodeErrorMeanings).sort())
})
