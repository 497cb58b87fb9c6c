import { type RunningConsole, startConsole } from '@mortise/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { command, config, type Outcome, runMortise } from './run-mortise.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 })

let server: RunningConsole
const mortise = (...args: string[]): Promise<Outcome> => runMortise(['webhook', ...args], { env: server.env })

beforeAll(async () => {
  server = await startConsole({ command, config })
})
afterAll(() => server?.stop())

async function api(path: string, body?: unknown) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return response.json()
}

test('lists webhooks, shows what was sent, and sends events again', async () => {
  expect((await mortise('list')).stdout).toBe('There are no webhooks.\n')
  // Off, so that nothing leaves the machine: what is sent again waits.
  const webhook = { name: 'Probe\u001b[2J', url: 'https://example.com/hook', enabled: false }
  const { webhook_id: id } = await api('/webhooks', { ...webhook, event_types: ['task.*'] })
  for (const event of ['e1', 'e2', 'e3'])
    await api('/events', { event_type: 'task.created', event_id: event })
  expect((await mortise('deliveries', String(id))).stdout).toBe('Nothing was sent to it yet.\n')

  const one = await mortise('replay', String(id), '--event', 'e2')
  expect(one).toMatchObject({ code: 0, stdout: '1 message is sent again.\n' })
  expect(await api(`/webhooks/${id}`)).toMatchObject({ waiting: 1 })
  const since = await mortise('replay', String(id), '--since', 'e1', '--json')
  expect(JSON.parse(since.stdout)).toMatchObject({ id: String(id), replayed: 2 })
  expect((await mortise('replay', String(id), '--from', '0')).stdout).toMatch(
    /^0 messages are sent again. The log was read from \d+ to \d+.\n$/,
  )
  const list = (await mortise('list')).stdout
  expect(list).toMatch(/Probe\S* +disabled +3 +0 +https:\/\/example.com\/hook/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not arrive.
  expect(list).not.toMatch(/\u001b/)
})

test('says what is wrong with a wish, with the code of what the server answers', async () => {
  for (const options of [[], ['--dead', '--since', 'e1'], ['--to', '5']]) {
    expect((await mortise('replay', '1', ...options)).code).toBe(2)
  }
  expect((await mortise('replay', '1', '--event', 'nobody')).stderr).toMatch(
    /^NOT_FOUND: The log has no event nobody/,
  )
  expect((await mortise('replay', '99', '--dead')).stderr).toMatch(/^NOT_FOUND: Webhook not found/)
  expect((await mortise('replay', '1', '--from', 'x')).stderr).toMatch(/^INPUT_INVALID: /)
})
