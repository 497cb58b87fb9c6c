import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

// Every example of the guide is run as it is printed there.

const page = await readFile(join(import.meta.dirname, '../../../docs/guide/powers.md'), 'utf8')

/** The examples of one section, by language. */
function section(heading: string): (language: string) => string {
  const [, text = ''] = new RegExp(`^## ${heading}\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(page) ?? []
  return (language) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? ''
}
async function messages(host: TestServer, id: string): Promise<string[]> {
  const { body } = await host.api('GET', `/plugins/${id}/logs`)
  return body.logs.map(({ message }: { message: string }) => message)
}
const create = (host: TestServer) => host.call('sessions.create', { user: 'ada', template: 'firefox' })

it('shows a secret that is read', async () => {
  const example = section('Secrets')
  await using host = await startServer()
  await host.add({ 'manifest.json': example('json'), 'index.js': example('js') })
  await create(host)
  await host.delivery('notifier', 'done')
  await host.api('PUT', '/plugins/notifier/secrets', { secrets: { API_KEY: '12345678' } })
  await create(host)
  await expect
    .poll(() => messages(host, 'notifier'), { timeout: 10_000 })
    .toEqual(['Nobody has stored API_KEY yet', 'told the service about firefox with a key of 8 characters'])
})

it('shows files that are kept', async () => {
  await using host = await startServer()
  const permissions = ['read:sessions', 'files']
  await host.add({ 'manifest.json': manifest({ permissions }), 'index.js': section('Files')('js') })
  await create(host)
  await host.delivery('probe', 'done')
  expect(await messages(host, 'probe')).toEqual([
    expect.stringMatching(/^\d+ characters, 3 bytes, 1 report$/),
  ])
})

it('shows jobs that run, declared and planned', async () => {
  const example = section('Scheduled work')
  await using host = await startServer()
  await host.add({ 'manifest.json': example('json'), 'index.js': example('js') })
  const { body } = await host.api('GET', '/plugins/sweeper/jobs')
  expect(body.jobs).toMatchObject([
    { name: 'remind', schedule: 'hourly' },
    { name: 'report', schedule: '30 4 * * *' },
  ])
  await create(host)
  for (const job of ['report', 'remind']) await host.api('POST', `/plugins/sweeper/jobs/${job}/run`)
  expect(await messages(host, 'sweeper')).toEqual(['1 sessions, for the run of 24 characters', 'Still here'])
})

it('shows an email that is written', async () => {
  const example = section('Email')
  await using host = await startServer()
  await host.add({ 'manifest.json': example('json'), 'index.js': example('js') })
  await host.api('PUT', '/plugins/mailer/email/recipients', { recipients: ['*@example.com'] })
  await create(host)
  await host.delivery('mailer', 'done')
  expect(await messages(host, 'mailer')).toEqual(['The message is captured'])
  const { body } = await host.api('GET', '/plugins/mailer/email')
  expect(body.messages).toMatchObject([{ to: ['ada@example.com'], attachments: ['session.json'] }])
})

it('shows notifications that arrive and a command that answers', async () => {
  const example = section('Notifications and commands')
  await using host = await startServer()
  await host.add({ 'manifest.json': example('json'), 'index.js': example('js') })
  await create(host)
  await host.delivery('greeter', 'done')
  const { body } = await host.api('GET', '/events?limit=20')
  const sent = body.events
    .map(({ event }: { event: { event_type: string; data: object } }) => event)
    .filter(({ event_type }: { event_type: string }) => event_type === 'notification.sent')
    .map(({ data }: { data: { to: string } }) => data.to)
  expect(sent).toEqual(['admins', 'ada'])
  const answer = await host.api('POST', '/plugins/greeter/commands/count', { args: { user: 'ada' } })
  expect(answer.body).toEqual({ result: 'Administrator, there are 1' })
})
