import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import type { StagePlugin } from './stage/serve-stage.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()
const drawing = (text: string) =>
  `export default { widgets: { main({ root, permissions }) { root.textContent = '${text} ' + [...permissions.granted] } } }`

/** Answers with an error so often, then with the plugin. */
function away(times: number, status: number): { entry: (response: ServerResponse) => void; asked(): number } {
  let asked = 0
  return {
    asked: () => asked,
    entry(response) {
      // Each attempt asks twice: the sandbox for the file, then the host for the reason.
      const isAway = asked++ < times * 2
      response.writeHead(isAway ? status : 200, {
        'content-type': 'text/javascript',
        'access-control-allow-origin': '*',
        'cache-control': 'no-store',
      })
      response.end(isAway ? '' : drawing('back'))
    },
  }
}

test('a server that is away for a moment is asked again, and the widget appears', async () => {
  const { entry } = away(2, 503)
  await tools.open([{ id: 'late', entry }], { loadRetries: [20, 40] })
  expect(await tools.page.evaluate(() => stage.mountAll())).toEqual([{ status: 'running' }])
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['back '])
})

test('a server that stays away is asked as often as planned and then named', async () => {
  const { entry, asked } = away(100, 503)
  await tools.open([{ id: 'gone', entry }], { loadRetries: [20, 40] })
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([
    { status: 'failed', error: { code: 'REMOTE_UNREACHABLE', retryable: true } },
  ])
  expect(asked()).toBe(6)
})

test.each([404, 410])('a file that answers %s is not asked for again', async (status) => {
  const { entry, asked } = away(100, status)
  await tools.open([{ id: 'missing', entry }], { loadRetries: [20, 40] })
  await tools.page.evaluate(() => stage.mountAll())
  expect(asked()).toBe(2)
})

test('a chunk that is away for a moment is asked for again too', async () => {
  let asked = 0
  const entry: StagePlugin['entry'] = `
    export const init = () => {}
    export const get = async () => { const plugin = await import('./chunk.js'); return () => plugin }
  `
  await tools.open([{ id: 'chunked', entry, format: 'container', files: { 'chunk.js': drawing('chunk') } }], {
    loadRetries: [20, 40],
  })
  await tools.page.route('**/chunk.js', (route) => (asked++ === 0 ? route.abort() : route.continue()))
  expect(await tools.page.evaluate(() => stage.mountAll())).toEqual([{ status: 'running' }])
  expect(asked).toBe(2)
})

test('code of the sandbox itself that is away for a moment is asked for again', async () => {
  let asked = 0
  await tools.open([{ id: 'early', entry: drawing('there') }], { loadRetries: [20, 40] })
  await tools.page.route('**/worker-realm.js', (route) => (asked++ === 0 ? route.abort() : route.continue()))
  expect(await tools.page.evaluate(() => stage.mountAll())).toEqual([{ status: 'running' }])
  expect(asked).toBe(2)
})

test('code of the sandbox itself that stays away is named, and read once for all sandboxes when it is there', async () => {
  const asked = () => tools.server.requests.filter((path) => path.endsWith('/worker-realm.js')).length
  await tools.open(
    ['one', 'two'].map((id) => ({ id, entry: drawing(id) })),
    { loadRetries: [] },
  )
  await tools.page.route('**/worker-realm.js', (route) => route.fulfill({ status: 404 }))
  const error = {
    code: 'REMOTE_UNREACHABLE',
    message: '/sandbox-assets/worker-realm.js was answered with status 404.',
  }
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([
    { status: 'failed', error },
    { status: 'failed', error },
  ])
  await tools.page.unroute('**/worker-realm.js')
  const before = asked()
  await tools.page.evaluate(() => Promise.all(['one', 'two'].map((id) => stage.host.reload(id))))
  await tools.page.waitForFunction(() => `${stage.tree(0)} ${stage.tree(1)}` === 'one  two ')
  expect(asked() - before).toBe(1)
})

const broken: readonly [string, StagePlugin['entry']][] = [
  ['does not parse', 'export default {{'],
  ['throws', "throw new Error('1.1.0 is broken')"],
  ['exports nothing', 'export const nothing = 1'],
  ['is not there', (response) => response.writeHead(404, { 'access-control-allow-origin': '*' }).end()],
]

test.each(['worker', 'frame'] as const)(
  'the version before runs in a %s where the new one',
  async (surface) => {
    const previous = { version: '1.0.0', entry: drawing('old'), surface, permissions: ['read:notes'] }
    await tools.open(
      broken.map(([id, entry]) => ({
        id: id.replaceAll(' ', '-'),
        entry,
        surface,
        version: '1.1.0',
        granted: ['read:notes', 'write:notes'],
        previous,
      })),
    )
    const states = (await tools.page.evaluate(() => stage.mountAll())) as object[]
    expect(states).toHaveLength(broken.length)
    for (const state of states) {
      expect(state).toMatchObject({
        status: 'running',
        fallback: { version: '1.0.0', error: { name: 'MortiseError' } },
      })
    }
    if (surface === 'worker') {
      // With what the old version asked for itself, not with what was granted since.
      expect(await tools.page.evaluate(() => stage.tree())).toEqual(['old read:notes'])
    }
    const logs = await tools.page.evaluate(() => stage.logs)
    expect(logs.map(({ level, message }) => `${level} ${message}`)).toContainEqual(
      expect.stringMatching(
        /^warn The throws plugin 1\.1\.0 did not load, so 1\.0\.0 runs in its place: .*1\.1\.0 is broken/,
      ),
    )
  },
)

test('grants that change while the version before runs do not reach further than it asked', async () => {
  const entry = `export default { widgets: { async main({ root, api }) {
    root.textContent = await api.notes.add('x').then(() => 'added', (error) => error.code)
  } } }`
  await tools.open([
    {
      id: 'sly',
      entry: 'export default {{',
      version: '1.1.0',
      granted: ['read:notes', 'write:notes'],
      previous: { version: '1.0.0', entry, permissions: ['read:notes'] },
    },
  ])
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([{ status: 'running' }])
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['PERMISSION_DENIED'])
  expect(await tools.page.evaluate(() => stage.calls)).toEqual([])
})

test('a reload tries the installed version first', async () => {
  let fixed = false
  const entry: StagePlugin['entry'] = (response) => {
    response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' })
    response.end(fixed ? drawing('new') : 'export default {{')
  }
  await tools.open([
    { id: 'mended', entry, version: '1.1.0', previous: { version: '1.0.0', entry: drawing('old') } },
  ])
  await tools.page.evaluate(() => stage.mountAll())
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['old '])
  fixed = true
  await tools.page.evaluate(async () => {
    await stage.host.reload('mended')
    await stage.settled(0, ['running'])
  })
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['new '])
  expect(await tools.page.evaluate(() => stage.state())).toEqual({ status: 'running' })
})

test('where both versions fail the widget says so', async () => {
  await tools.open([
    {
      id: 'hopeless',
      entry: 'export default {{',
      version: '1.1.0',
      previous: { version: '1.0.0', entry: "throw new Error('old and broken')" },
    },
  ])
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([
    { status: 'failed', error: { code: 'PLUGIN_LOAD_FAILED' } },
  ])
})
