import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type MortiseServer, readSettings } from '@mortise/server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import config from './host/mortise.config.ts'
import { pluginFolder } from './plugin-folder.ts'
import { runMortise } from './run-mortise.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 })

const token = 'token-of-the-tests'
const silent = createHttpServer(() => {})
let dataDir: string
let server: MortiseServer
const mortise = (...args: string[]) =>
  runMortise(args, { env: { MORTISE_URL: server.url, MORTISE_ADMIN_TOKEN: token } })

beforeAll(async () => {
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  dataDir = await mkdtemp(join(tmpdir(), 'mortise-cli-'))
  const settings = readSettings({
    MORTISE_PORT: '0',
    MORTISE_DATA_DIR: dataDir,
    MORTISE_ADMIN_TOKEN: token,
    MORTISE_LOG_LEVEL: 'silent',
    MORTISE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
  })
  // A log that soon drops what stands still.
  server = await createServer(config, settings, { mostWaiting: 10, keepEvents: 50, drainMs: 100 })
  await server.listen()
})
afterAll(async () => {
  silent.closeAllConnections()
  silent.close()
  await server.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function api(path: string, body?: unknown) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return response.json()
}

async function publish(count: number): Promise<void> {
  for (let at = 0; at < count; at += 100) {
    const some = Array.from({ length: 100 }, () =>
      server.publish({ event_type: 'note.added', data: { text: 'milk' } }),
    )
    await Promise.all(some)
  }
}

const commands = {
  commands: [
    { name: 'hello', title: 'Say hello' },
    {
      name: 'order',
      title: 'Order\u001b[2J',
      args: [
        { name: 'item', title: 'Item', type: 'string', required: true },
        { name: 'count', title: 'Count', type: 'number' },
        { name: 'gift', title: 'Gift', type: 'boolean' },
        { name: 'size', title: 'Size', type: 'enum', options: ['s', 'l'] },
      ],
    },
  ],
}

test('dismisses what a plugin and a webhook lost, and the log of events says so', async () => {
  await using plugin = await pluginFolder(
    { type: 'webhook', permissions: ['read:notes'], entrypoints: { main: 'index.js' } },
    { 'index.js': "module.exports = { 'note.added': () => new Promise(() => {}) }" },
  )
  await mortise('plugin', 'install', plugin.dir, '--yes')
  const { port } = silent.address() as AddressInfo
  const { webhook_id: id } = await api('/webhooks', {
    name: 'Silent',
    url: `http://127.0.0.1:${port}/`,
    event_types: ['note.*'],
  })
  await publish(1200)
  const backlog = async () => (await api('/plugins/notebook/deliveries')).backlog
  const webhookOf = () => api(`/webhooks/${id}`)
  await expect.poll(async () => (await backlog()).lost, { timeout: 20_000 }).toBeGreaterThan(1)
  await expect.poll(async () => (await webhookOf()).lost, { timeout: 20_000 }).toBeGreaterThan(1)
  const { lost, lostAt } = await backlog()
  const webhook = await webhookOf()

  expect(await mortise('plugin', 'dismiss', 'notebook')).toMatchObject({
    code: 0,
    stdout: `${lost} lost events are dismissed; the last of notebook was lost at ${lostAt}.\n`,
  })
  expect((await backlog()).lost).toBe(0)
  expect((await webhookOf()).lost).toBe(webhook.lost)
  const again = await mortise('plugin', 'dismiss', 'notebook')
  expect(again).toMatchObject({ code: 0, stdout: 'notebook lost nothing that nobody took note of.\n' })

  const { stdout } = await mortise('webhook', 'dismiss', String(id), '--json')
  expect(JSON.parse(stdout)).toEqual({ id: String(id), dismissed: webhook.lost, lostAt: webhook.lost_at })
  expect((await webhookOf()).lost).toBe(0)
  const { events } = await api('/events?limit=10')
  expect(events.map(({ event }: { event: { event_type: string } }) => event.event_type)).toEqual(
    expect.arrayContaining(['plugin.loss_dismissed', 'webhook.loss_dismissed']),
  )
  expect((await mortise('plugin', 'dismiss', 'nobody')).stderr).toMatch(/^PLUGIN_NOT_FOUND: /)
  expect((await mortise('webhook', 'dismiss', '99')).stderr).toMatch(/^NOT_FOUND: /)
})

test('shows the commands of a plugin and runs one with its arguments', async () => {
  await using plugin = await pluginFolder(
    {
      name: 'shop',
      type: 'integration',
      permissions: ['commands'],
      entrypoints: { main: 'index.js' },
      contributes: commands,
    },
    {
      'index.js': `module.exports = { commands: {
        hello: () => 'hello\\u001b[2J\\nworld',
        order: (args) => args.item === 'nothing' ? undefined : args,
      } }`,
    },
  )
  await mortise('plugin', 'install', plugin.dir, '--yes')
  const { stdout: list } = await mortise('plugin', 'run', 'shop')
  expect(list).toMatch(/hello +Say hello/)
  expect(list).toContain('item=<string> [count=<number>] [gift=<boolean>] [size=<s|l>]')
  const { stdout: hello } = await mortise('plugin', 'run', 'shop', 'hello')
  expect(hello).toMatch(/^hello\S*\nworld\n$/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not arrive.
  expect(list + hello).not.toMatch(/\u001b/)

  const args = ['--arg', 'item=7=8', '--arg', 'count=2', '--arg', 'gift=true', '--arg', 'size=l']
  const ordered = await mortise('plugin', 'run', 'shop', 'order', ...args, '--json')
  const { result, ...rest } = JSON.parse(ordered.stdout)
  expect(rest).toEqual({ name: 'shop', command: 'order' })
  expect(JSON.parse(result)).toEqual({ item: '7=8', count: 2, gift: true, size: 'l' })
  const nothing = await mortise('plugin', 'run', 'shop', 'order', '--arg', 'item=nothing')
  expect(nothing).toMatchObject({ code: 0, stdout: 'Done.\n' })
})

test('says what is wrong with an argument, in the words of the server where it knows', async () => {
  const wrong: [args: string[], code: number, words: RegExp][] = [
    [['order', '--arg', 'item'], 2, /Write --arg key=value/],
    [['order', '--arg', 'item=a', '--arg', 'count=two'], 2, /count must be a number, not 'two'/],
    [['--arg', 'item=a'], 2, /--arg needs a command/],
    [['order'], 1, /#\/item is required/],
    [['order', '--arg', 'item=a', '--arg', 'size=m'], 1, /#\/size must be one of s, l/],
    [['order', '--arg', 'item=a', '--arg', 'colour=red'], 1, /#\/colour is not an argument/],
    [['explode'], 1, /^NOT_FOUND: shop declares no command 'explode'/],
  ]
  for (const [args, code, words] of wrong) {
    const outcome = await mortise('plugin', 'run', 'shop', ...args)
    expect([args, outcome.code]).toEqual([args, code])
    expect(outcome.stderr).toMatch(words)
  }
})
