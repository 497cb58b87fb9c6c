import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import type { StagePlugin } from './stage/serve-stage.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()
const good = `export default { widgets: { main({ root }) { root.textContent = 'fine' } } }`

const cases: readonly (StagePlugin & { readonly code: string; readonly says: RegExp })[] = [
  {
    id: 'missing',
    entry: (response) => response.writeHead(404, { 'access-control-allow-origin': '*' }).end('no'),
    code: 'REMOTE_UNREACHABLE',
    says: /^The entry file of The missing plugin was answered with status 404\.$/,
  },
  {
    id: 'html',
    entry: (response) =>
      response
        .writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' })
        .end('<!doctype html>'),
    code: 'REMOTE_NOT_JAVASCRIPT',
    says: /^The entry file of The html plugin is text\/html, not JavaScript\.$/,
  },
  { id: 'silent', entry: () => {}, code: 'REMOTE_TIMEOUT', says: /The silent plugin did not arrive/ },
  {
    id: 'looping',
    entry: 'while (true) {}',
    code: 'REMOTE_TIMEOUT',
    says: /^The looping plugin did not load within 12 s\.$/,
  },
  {
    id: 'waiting',
    entry: 'await new Promise(() => {})',
    code: 'REMOTE_TIMEOUT',
    says: /^The waiting plugin did not load within 12 s\.$/,
  },
  {
    id: 'throwing',
    entry: "throw new RangeError('out of bounds')",
    code: 'PLUGIN_LOAD_FAILED',
    says: /^The throwing plugin threw while loading: RangeError: out of bounds$/,
  },
  {
    id: 'broken',
    entry: 'export default {{',
    code: 'PLUGIN_LOAD_FAILED',
    says: /^The broken plugin threw while loading: SyntaxError: /,
  },
  {
    id: 'importing',
    entry: "import './not-there.js'\nexport default {}",
    code: 'PLUGIN_LOAD_FAILED',
    says: /^A file that The importing plugin imports could not be loaded/,
  },
  {
    id: 'empty',
    entry: 'export const plugin = 1',
    code: 'REMOTE_INVALID',
    says: /The empty plugin does not export a plugin/,
  },
  {
    id: 'not-a-container',
    entry: good,
    format: 'federation',
    code: 'REMOTE_INVALID',
    says: /The not-a-container plugin is not a federation container/,
  },
  {
    id: 'other-widget',
    entry: good.replace('main', 'other'),
    code: 'REMOTE_INVALID',
    says: /^The other-widget plugin announces the widget 'main' but does not export it\.$/,
  },
  {
    id: 'drawing',
    entry: "export default { widgets: { main() { throw new Error('no paint') } } }",
    code: 'PLUGIN_THREW',
    says: /^The drawing plugin threw while drawing its widget: Error: no paint$/,
  },
  {
    id: 'throws-nonsense',
    entry:
      'export default { widgets: { main() { throw { get message() { throw 1 }, toString() { throw 2 } } } } }',
    code: 'PLUGIN_THREW',
    says: /a value that cannot be printed/,
  },
  {
    id: 'never-draws',
    entry: 'export default { widgets: { main: () => new Promise(() => {}) } }',
    code: 'PLUGIN_TIMEOUT',
    says: /^The never-draws plugin did not draw its widget within 1\.5 s\.$/,
  },
]

test.each(['worker', 'frame'] as const)(
  'each way to fail in a %s is told with its reason',
  async (surface) => {
    // Time enough for the good plugin on a slow machine, where one of the bad ones burns a core.
    const run = [...cases.map((plugin) => ({ ...plugin, surface })), { id: 'fine', entry: good, surface }]
    await tools.open(run, { load: 12_000, mount: 1500 })
    const states = (await tools.page.evaluate(() => stage.mountAll())) as Record<string, unknown>[]
    const byId = await tools.page.evaluate(() => stage.host.widgetsOf('main').map(({ plugin }) => plugin.id))
    const stateOf = (id: string) => states[byId.indexOf(id)]
    expect(stateOf('fine'), JSON.stringify(stateOf('fine'))).toMatchObject({ status: 'running' })
    for (const { id, code, says } of cases) {
      expect(stateOf(id), id).toMatchObject({
        status: 'failed',
        error: { code, message: expect.stringMatching(says) },
      })
    }
  },
)
