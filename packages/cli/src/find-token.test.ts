import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findToken } from './find-token.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mortise-token-'))
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, 'admin-token'), 'from-the-file\n')
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

test('the environment comes first, then the file in the data folder', async () => {
  const server = new URL('http://localhost:4780')
  const env = { MORTISE_DATA_DIR: dataDir }
  expect(await findToken(server, { ...env, MORTISE_ADMIN_TOKEN: 'from-the-environment' })).toBe(
    'from-the-environment',
  )
  expect(await findToken(server, env)).toBe('from-the-file')
  expect(await findToken(new URL('http://127.0.0.1:1'), env)).toBe('from-the-file')
})

test('the token of this machine is never offered to another one', async () => {
  const env = { MORTISE_DATA_DIR: dataDir }
  for (const address of [
    'https://example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
  ]) {
    expect(await findToken(new URL(address), env)).toBeUndefined()
  }
})
