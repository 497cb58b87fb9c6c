import { beforeAll, expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

// Authors choose what they write with: each example is another framework, or another version of one.

const stage = useConsole()

beforeAll(async () => {
  const { client } = stage
  for (const name of ['session-list', 'session-count', 'session-states']) {
    await client.request('POST', '/plugins/install', { name })
    const { permissions } = await client.plugin(name)
    await client.grant(name, Object.fromEntries(permissions.map((permission) => [permission.name, true])))
    await client.request('POST', `/plugins/${name}/enable`)
  }
})

test('widgets of React 18, React 19 and Preact draw on one page and follow the same events', async () => {
  const { page, context, problems } = await openConsole(stage.browser, stage.console)
  const reactNineteen = page.getByRole('article', { name: 'Sessions', exact: true })
  const reactEighteen = page.getByRole('article', { name: 'Session count' })
  const preact = page.getByRole('article', { name: 'Session states' })
  await reactNineteen.getByRole('listitem').first().waitFor()
  await reactEighteen.getByText(/^Drawn by React 18\./).waitFor()
  await preact.getByText('running', { exact: true }).waitFor()

  const counted = async () => (await stage.client.calls([['sessions.list', [{ state: 'running' }]]]))[0]
  const before = await counted()
  const running = (before as { value: unknown[] }).value.length
  await reactEighteen.getByText(String(running), { exact: true }).waitFor()
  await stage.client.calls([['sessions.create', [{ user: 'mira', template: 'firefox' }]]])
  await reactEighteen.getByText(String(running + 1), { exact: true }).waitFor()
  await preact
    .getByRole('listitem')
    .filter({ hasText: 'running' })
    .getByText(String(running + 1), { exact: true })
    .waitFor()
  // A press travels to the listener that React 18 cannot set by itself.
  await reactEighteen.getByRole('button', { name: 'Count again' }).click()
  await reactEighteen.getByText(String(running + 1), { exact: true }).waitFor()
  expect(problems).toEqual({ errors: [], policy: [] })
  await context.close()
})

test('the page of a plugin says what it shares before it runs, in one sentence', async () => {
  const { page, context } = await openConsole(stage.browser, stage.console)
  const sentences = {
    'session-list':
      /^Shares React 19\.\d+\.\d+, the components and the SDK with the sandbox; nothing is isolated\.$/,
    'session-count':
      /^Shares the SDK with the sandbox; brings its own React 18\.\d+\.\d+ and the components, isolated in its realm\.$/,
    'session-states': /^Shares the SDK with the sandbox; nothing is isolated\.$/,
  }
  for (const [id, sentence] of Object.entries(sentences)) {
    await page.goto(`${stage.console.url}/installed/${id}`)
    await page.getByText(sentence).waitFor()
  }
  await context.close()
})
