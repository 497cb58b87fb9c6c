import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPlugin } from '@mortise/vite-plugin'
import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

const named = (name: string) => `
  export default {
    activate({ log }) {
      log.info('activated')
      return () => log.info('deactivated')
    },
    widgets: {
      main({ root, log, signal }) {
        root.textContent = ${JSON.stringify(name)}
        signal.addEventListener('abort', () => log.info('aborted'))
        return () => log.info('torn down')
      },
    },
  }
`

const frames = () => tools.page.locator('iframe').count()

test('a plugin costs nothing before its first widget, and shares one worker among its widgets', async () => {
  await tools.open([
    {
      id: 'lazy',
      entry: named('x').replace('widgets: {', 'widgets: { other: () => {},'),
      widgets: ['main', 'other'],
    },
  ])
  expect(await frames()).toBe(0)
  expect(tools.server.requests.filter((request) => request.includes('/lazy/'))).toEqual([])
  await tools.page.evaluate(() => stage.mountAll())
  expect(await frames()).toBe(1)
  await expect.poll(() => tools.page.workers().length).toBe(1)
})

test('a widget mounted again within the idle time keeps the worker', async () => {
  await tools.open([{ id: 'quick', entry: named('x') }], { idle: 60_000 })
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.evaluate(() => stage.unmount())
  await tools.page.evaluate(() => stage.mountAll())
  expect(await frames()).toBe(1)
  const activated = await tools.page.evaluate(() =>
    stage.logs.filter(({ message }) => message === 'activated'),
  )
  expect(activated).toHaveLength(1)
})

test('stopping the engine releases everything', async () => {
  await tools.open([
    { id: 'one', entry: named('x') },
    { id: 'two', entry: named('y'), surface: 'frame' },
  ])
  await tools.page.evaluate(() => stage.mountAll())
  expect(await frames()).toBe(2)
  await tools.page.evaluate(() => stage.host.stop())
  expect(await tools.page.evaluate(() => [stage.state(0), stage.state(1)])).toEqual([
    { status: 'closed' },
    { status: 'closed' },
  ])
  await tools.page.waitForFunction(() => document.querySelectorAll('iframe').length === 0)
  await expect.poll(() => tools.page.workers().length).toBe(0)
  expect(await tools.page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0)
})

test('the list of a slot is the same array until something changes', async () => {
  const [record] = await tools.open([{ id: 'listed', entry: named('x') }])
  const same = await tools.page.evaluate(async (given) => {
    const before = stage.host.widgetsOf('main')
    await stage.host.refresh()
    const after = stage.host.widgetsOf('main')
    stage.setPlugins([{ ...given, displayName: 'Other' }])
    await stage.host.refresh('listed')
    return [before === after, before === stage.host.widgetsOf('main')]
  }, record!)
  expect(same).toEqual([true, false])
})

test.each(['worker', 'frame'] as const)(
  'a federated plugin runs in a %s with the shared modules',
  async (surface) => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-federated-'))
    try {
      const manifest = {
        name: 'federated',
        version: '1.0.0',
        displayName: 'Federated',
        description: 'A test.',
        type: 'extension',
        author: 'Test',
        permissions: [],
        surface,
        entrypoints: { ui: 'dist/remoteEntry.js' },
        contributes: { widgets: [{ id: 'main', title: 'Main', slot: 'dashboard.main' }] },
      }
      const source = `
      import { definePlugin } from '@mortise/sdk'
      export default definePlugin({
        widgets: {
          async main({ root, api }) {
            const { suffix } = await import('./lazy.ts')
            root.textContent = (await api.notes.list()).join() + suffix
          },
        },
      })
    `
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
      await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'federated', type: 'module' }))
      await mkdir(join(folder, 'src'))
      await mkdir(join(folder, 'node_modules'))
      await symlink(
        join(import.meta.dirname, '../node_modules/@mortise'),
        join(folder, 'node_modules/@mortise'),
      )
      await writeFile(join(folder, 'src/plugin.ts'), source)
      await writeFile(join(folder, 'src/lazy.ts'), "export const suffix = ' and more'")
      await buildPlugin(folder)
      const names = (await readdir(join(folder, 'dist'))).filter((name) => name.endsWith('.js'))
      const files = Object.fromEntries(
        await Promise.all(
          names.map(async (name) => [name, await readFile(join(folder, 'dist', name), 'utf8')]),
        ),
      )
      const entry = files['remoteEntry.js']
      await tools.open([
        { id: 'federated', entry, files, surface, format: 'federation', granted: ['read:notes'] },
      ])
      expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([{ status: 'running' }])
      if (surface === 'worker')
        expect(await tools.page.evaluate(() => stage.tree())).toEqual(['first and more'])
      else await tools.page.frameLocator('iframe').getByText('first and more').waitFor()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
