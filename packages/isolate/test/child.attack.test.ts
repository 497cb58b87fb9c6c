/**
 * Supposes that a guest broke out of its isolate: what can code in the child
 * process do? The code under attack is the set of flags and the environment
 * that `RunnerProcess` starts children with.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, realpathSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lockedNodeFlags } from '../src/runner-process.ts'
import { openPool, patience, specOf } from './harness.ts'

const canary = 'canary-91ab04'

it('starts children with nothing of the environment of the parent', async () => {
  process.env.MORTISE_TEST_CANARY = canary
  await using pool = openPool()
  await pool.load(specOf('module.exports = {}'))
  const environment = readFileSync(`/proc/${pool.children[0]!.pid}/environ`, 'utf8')
  delete process.env.MORTISE_TEST_CANARY
  expect(environment).not.toContain(canary)
  expect(
    environment
      .split('\0')
      .filter(Boolean)
      .map((line) => line.replace(/(?<=^NODE_CHANNEL_\w+=).*/, ''))
      .sort(),
  ).toEqual(['MALLOC_ARENA_MAX=1', 'NODE_CHANNEL_FD=', 'NODE_CHANNEL_SERIALIZATION_MODE='])
})

it('starts children with the flags that the next test attacks', async () => {
  await using pool = openPool()
  await pool.load(specOf('module.exports = {}'))
  const words = readFileSync(`/proc/${pool.children[0]!.pid}/cmdline`, 'utf8').split('\0')
  expect(words).toEqual(expect.arrayContaining(lockedNodeFlags()))
})

it('lets code in the child read no file, write none and start nothing', async () => {
  const folder = realpathSync(await mkdtemp(join(tmpdir(), 'isolate-')))
  const secret = join(folder, 'secret.txt')
  await writeFile(secret, canary)
  const attacks = {
    read: `require('fs').readFileSync(${JSON.stringify(secret)}, 'utf8')`,
    passwd: `require('fs').readFileSync('/etc/passwd', 'utf8')`,
    list: `require('fs').readdirSync(${JSON.stringify(folder)}).join()`,
    environ: `require('fs').readFileSync('/proc/self/environ', 'utf8')`,
    parentEnviron: `require('fs').readFileSync('/proc/' + process.ppid + '/environ', 'utf8')`,
    write: `require('fs').writeFileSync(${JSON.stringify(join(folder, 'written'))}, 'x')`,
    spawn: `require('child_process').execSync('id').toString()`,
    worker: `new (require('worker_threads').Worker)('1', { eval: true })`,
    inspector: `require('inspector').open()`,
    contractSource: `require('fs').readFileSync(${JSON.stringify(join(import.meta.dirname, '..', 'package.json'))}, 'utf8')`,
  }
  const script = `
    const outcomes = {}
    ${Object.entries(attacks)
      .map(
        ([name, source]) =>
          `try { outcomes[${JSON.stringify(name)}] = String(${source}) } catch (error) { outcomes[${JSON.stringify(name)}] = error.code }`,
      )
      .join('\n')}
    console.log(JSON.stringify(outcomes))
    process.exit(0)`
  const { stdout } = spawnSync(process.execPath, [...lockedNodeFlags(), '-e', script], {
    env: {},
    encoding: 'utf8',
  })
  await rm(folder, { recursive: true })
  expect(JSON.parse(stdout)).toEqual(
    Object.fromEntries(Object.keys(attacks).map((name) => [name, 'ERR_ACCESS_DENIED'])),
  )
})

it('ends its children with the pool', async () => {
  await using pool = openPool({ children: 2 })
  await Promise.all([
    pool.load(specOf('module.exports = {}')),
    pool.load(specOf('module.exports = {}', { id: 'other' })),
  ])
  const pids = pool.children.map(({ pid }) => pid)
  expect(new Set(pids).size).toBe(2)
  await pool.close()
  for (const pid of pids) expect(isRunning(pid)).toBe(false)
})

it('ends its children when the parent dies, also one with an isolate that spins', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
    import { createRunnerPool } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))}
    import { specOf } from ${JSON.stringify(join(import.meta.dirname, 'specs.ts'))}
    const pool = createRunnerPool({ children: 1, limits: { cpuMsPerSlice: 60_000, callTimeoutMs: 60_000 } })
    const plugin = await pool.load(specOf('module.exports = { onSpin() { host.log("info", "spinning"); for (;;); } }'))
    plugin.call('onSpin', [])
    console.log(pool.children[0].pid)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(chunk.toString())
  expect(isRunning(pid)).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => isRunning(pid), patience).toBe(false)
})

function isRunning(pid: number): boolean {
  try {
    // A child whose parent died stays in the table as a zombie where nobody collects it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
