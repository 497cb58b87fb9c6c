import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openReceiver, packFiles, type Receiver, startServer, type TestServer } from './harness.ts'

const document = join(import.meta.dirname, '../../../../shared/seeds/streamspace-plugin-page.txt')
const example = join(import.meta.dirname, '../../../examples')

if (existsSync(document)) {
  it("runs the plugin of StreamSpace's own page, byte for byte", () => follow(readDocument()))
} else {
  console.warn(`NOT RUN: the plugin of StreamSpace's own page, because ${document} is not here.`)
  it("NOT RUN, its document is not on this machine: the plugin of StreamSpace's own page", ({ annotate }) =>
    annotate(`${document} is not here`))
}

it('runs our own Slack plugin, installed from the catalog', async () => {
  await using receiver = await openReceiver()
  await using host = await startServer({ allowPrivateHosts: [receiver.host], catalog: example })
  await host.api('POST', '/plugins/install', { name: 'slack-notifications' })
  await setUp(host, receiver, { channelLabel: 'lab' })
  const session = (await host.call('sessions.create', {
    user: 'ada',
    template: 'firefox',
    name: 'desk',
  })) as {
    id: string
  }
  await receiver.count(1)
  await host.call('sessions.hibernate', session.id)
  await receiver.count(2)
  await host.call('sessions.wake', session.id)
  await receiver.count(3)
  await host.call('sessions.terminate', session.id)
  const requests = await receiver.count(4)
  expect(requests.map(({ body }) => JSON.parse(body).text)).toEqual([
    '[lab] 🚀 ada opened firefox (desk)',
    '[lab] 💤 desk of ada went to sleep',
    '[lab] ☀️ desk of ada is awake again',
    '[lab] 🏁 desk of ada ended',
  ])
})

async function follow(files: Record<string, string>): Promise<void> {
  await using receiver = await openReceiver()
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  const installed = await host.upload(packFiles(files))
  expect(installed.body).toMatchObject({ id: 'slack-notifications', status: 'awaiting-approval' })
  await setUp(host, receiver, {})
  const session = (await host.call('sessions.create', { user: 'ada', template: 'firefox' })) as { id: string }
  await receiver.count(1)
  await host.call('sessions.hibernate', session.id)
  const requests = await receiver.count(2)
  expect(requests.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
    ['POST', { text: '🚀 New session created: firefox for ada' }],
    ['POST', { text: `💤 Session hibernated: ${session.id}` }],
  ])
}

async function setUp(host: TestServer, receiver: Receiver, more: Record<string, unknown>): Promise<void> {
  const path = '/plugins/slack-notifications'
  await host.api('PUT', `${path}/grants`, { permissions: { 'read:sessions': true } })
  const config = { slackWebhookUrl: `${receiver.url}/services/T0/B0/x`, ...more }
  expect((await host.api('PUT', `${path}/config`, { config })).body.data).toEqual({ hosts: [receiver.host] })
  await host.api('PUT', `${path}/config`, { config, approveHosts: [receiver.host] })
  expect((await host.api('POST', `${path}/enable`)).body).toMatchObject({ status: 'active' })
}

/** The two files of the page, cut out between the lines that name them and left as they are. */
function readDocument(): Record<string, string> {
  const text = readFileSync(document, 'utf8')
  const script = text.slice(text.indexOf('// plugin.js'), text.indexOf('\nJSON\n// manifest.json'))
  const from = text.indexOf('// manifest.json\n') + '// manifest.json\n'.length
  const manifest = text.slice(from, text.indexOf('\n}\n', from) + 3)
  expect(script).toMatch(/^\/\/ plugin\.js/)
  expect(script).toMatch(/\};$/)
  return { 'plugin.js': script, 'manifest.json': manifest }
}
