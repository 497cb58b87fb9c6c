import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { command, config, runMortise } from './run-mortise.ts'

const nodeOptions = ['--require', join(import.meta.dirname, 'old-node.cjs')]

test('under an older Node it runs with the one of the workspace, exit code and all', async () => {
  const good = await runMortise(['validate', '--help'], { nodeOptions })
  expect(good).toMatchObject({ code: 0, stderr: '' })
  expect(good.stdout).toContain('check the manifest of a plugin')
  expect((await runMortise(['frobnicate'], { nodeOptions })).code).toBe(2)
})

test('under an older Node a polite kill reaches the server, which stops cleanly', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'mortise-old-'))
  const child: ChildProcess = spawn(process.execPath, [...nodeOptions, command, 'serve', config, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, MORTISE_PORT: '0', MORTISE_DATA_DIR: dataDir },
  })
  try {
    const url = await new Promise<string>((resolve) => {
      createInterface({ input: child.stdout! }).on('line', (line) => {
        const message = JSON.parse(line) as { url?: string }
        if (message.url) resolve(message.url)
      })
    })
    expect((await fetch(`${url}/healthz`)).ok).toBe(true)
    child.kill('SIGTERM')
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  } finally {
    child.kill('SIGKILL')
    await rm(dataDir, { recursive: true, force: true })
  }
})
