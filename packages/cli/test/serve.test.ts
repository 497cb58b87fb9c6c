import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startConsole } from '@mortise/testing'
import { expect, test } from 'vitest'
import { command, config, runMortise } from './run-mortise.ts'

test('on the machine of the server nothing has to be typed: its token file is found', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-serve-'))
  const dataDir = join(folder, '.mortise')
  const server = await startConsole({
    command,
    config,
    env: { MORTISE_DATA_DIR: dataDir, MORTISE_ADMIN_TOKEN: '' },
  })
  try {
    const env = { MORTISE_URL: server.url, MORTISE_ADMIN_TOKEN: undefined, MORTISE_DATA_DIR: undefined }
    const { code, stderr } = await runMortise(['plugin', 'list'], { cwd: folder, env })
    expect(stderr).toBe('')
    expect(code).toBe(0)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

test('stops cleanly when asked to, and the address is free again', async () => {
  const server = await startConsole({ command, config })
  expect((await fetch(`${server.url}/api/v1/me`)).status).toBe(401)
  await server.stop()
  await expect(fetch(server.url)).rejects.toThrow()
})

test('a configuration that is not there, does not load or is none is named with what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-serve-'))
  try {
    await writeFile(join(folder, 'broken.config.ts'), 'export defau')
    await writeFile(join(folder, 'empty.config.ts'), 'export default {}')
    const serve = (file: string) => runMortise(['serve', file], { cwd: folder })
    const nowhere = await serve('nowhere.config.ts')
    expect(nowhere.stderr).toMatch(/^NOT_FOUND: There is no nowhere\.config\.ts/)
    const broken = await serve('broken.config.ts')
    expect(broken.stderr).toMatch(/^INPUT_INVALID: broken\.config\.ts cannot be loaded/)
    const empty = await serve('empty.config.ts')
    expect(empty.stderr).toMatch(/^INPUT_INVALID: empty\.config\.ts does not export a configuration/)
    expect([nowhere.code, broken.code, empty.code]).toEqual([1, 1, 1])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
