import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineDomain, s } from '@mortise/contract'
import { expect, it, vi } from 'vitest'
import { startServer, type TestServer, token } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const page = await readFile(join(import.meta.dirname, '../../../docs/guide/server-plugins.md'), 'utf8')
const [manifest = ''] = blocks('json')
const [named, mapped, , emitting, filtering, filterMap, joining] = blocks('js')

const holding = (language: string, text: string) =>
  blocks(language).find((block) => block.includes(text)) ?? ''

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text ?? '',
  )
}
const add = (host: TestServer, source: string | undefined, changes = {}) =>
  host.add({
    'manifest.json': JSON.stringify({ ...JSON.parse(manifest), ...changes }),
    'index.js': source ?? '',
  })
async function lines(host: TestServer): Promise<string[]> {
  const { body } = await host.api('GET', '/plugins/greeter/logs')
  return body.logs.map(({ message }: { message: string }) => message).sort()
}
const create = (host: TestServer, wanted: object) =>
  host.call('sessions.create', { user: 'ada', template: 'firefox', ...wanted })

it('shows handlers that work', async () => {
  for (const [source, said] of [
    [named, ['ada started firefox, number 1']],
    [mapped, ['changed firefox', 'created firefox', expect.stringMatching(/^session\.created ses-/)]],
  ] as const) {
    await using host = await startServer()
    await add(host, source)
    await create(host, {})
    await host.delivery('greeter', 'done')
    expect(await lines(host)).toEqual(said)
  }
})

it('shows events of your own that arrive', async () => {
  await using host = await startServer()
  await add(host, emitting)
  await create(host, {})
  await expect.poll(() => lines(host), { timeout: 10_000 }).toEqual(['ada was greeted'])
})

it('shows filters that change and drop', async () => {
  await using host = await startServer()
  await add(host, filtering)
  await expect(create(host, { template: 'forbidden' })).rejects.toThrow('this template is retired')
  await create(host, { name: ' spaced ' })
  const { body } = await host.api('GET', '/events?limit=1')
  expect(body.events[0].event.data.session.name).toBe('spaced')
})

it('shows a map of filters that passes', async () => {
  await using host = await startServer()
  await add(host, filterMap)
  const { id } = (await create(host, {})) as { id: string }
  expect(await host.call('sessions.hibernate', id)).toMatchObject({ state: 'hibernated' })
  expect((await host.api('GET', '/plugins/greeter')).body.strikes).toBe(0)
})

it('shows a ring that blocks and changes', async () => {
  const gateway = defineDomain({
    name: 'gateway',
    version: '1.0.0',
    permissions: {},
    resources: {},
    events: {},
    slots: {},
    rings: {
      pre_flight: {
        summary: 'Before a prompt goes out.',
        permission: null,
        payload: s.object({ prompt: s.string() }),
        timeoutMs: 2000,
        failPolicy: 'open',
        order: 1,
      },
    },
  })
  await using host = await startServer({ domains: [gateway] })
  await add(host, joining)
  const ask = async (prompt: string) =>
    (await host.api('POST', '/rings/pre_flight', { body: { prompt } })).body
  expect(await ask(' hello ')).toMatchObject({
    action: 'modify',
    body: { prompt: 'hello' },
    metadata: { length: 7 },
  })
  expect(await ask('password')).toMatchObject({ action: 'block', status: 422, error_type: 'secret' })
})

it('shows web addresses that answer', async () => {
  await using host = await startServer()
  await add(host, holding('js', "'GET /items'"), JSON.parse(holding('json', '"http"')))
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${host.url}/plugins/greeter${path}`, { headers, ...init })
    return [answer.status, await answer.text(), answer.headers.get('location')]
  }
  expect(await ask('/items')).toEqual([200, '["a","b"]', null])
  expect(await ask('/items/7')).toEqual([200, 'item 7', null])
  expect(await ask('/items', { method: 'POST', body: '{"name":"c"}' })).toEqual([
    201,
    '{"name":"c"}',
    `${host.url}/plugins/greeter/items/c`,
  ])
  expect(await ask('/hello')).toEqual([200, 'Hello, Administrator', null])
  expect((await ask('/none'))[0]).toBe(404)
  expect((await ask('/hooks/1', { headers: {} }))[0]).toBe(404)
  expect((await ask('/hello', { headers: {} }))[0]).toBe(401)
})

it('shows a stream that people listen to', async () => {
  await using host = await startServer()
  await add(host, holding('js', 'onSseConnect'), { permissions: ['serve:http', 'serve:sse'] })
  const base = `${host.url}/plugins/greeter`
  const init = { headers: { authorization: `Bearer ${token}` } }
  const page = await (await fetch(`${base}/clock`, init)).text()
  const [, ticket = ''] = /ticket=([^']+)'/.exec(page) ?? []
  const stream = await fetch(`${base}/_sse/clock?ticket=${ticket}`)
  expect(await (await fetch(`${base}/tick`, { ...init, method: 'POST' })).json()).toEqual({ sentTo: 1 })
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stream.body!) {
    text += decoder.decode(chunk)
    if (text.includes('event: tick\ndata: now\n\n')) break
  }
  await expect.poll(() => lines(host)).toContain('Administrator listens to clock')
})

it('shows an ES module of several files', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest,
    'index.js': holding('js', './lib/shout.js'),
    'lib/shout.js': 'export const shout = (text) => text.toUpperCase()',
    'words.json': '{ "hello": "hello" }',
  })
  await create(host, {})
  await host.delivery('greeter', 'done')
  expect(await lines(host)).toEqual(['HELLO ada'])
})
