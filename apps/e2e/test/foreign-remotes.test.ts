import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { federation, type ModuleFederationOptions } from '@module-federation/vite'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

// Remotes that the standard tool of Module Federation built, with its own runtime in them or without.

const stage = useConsole()

const root = join(import.meta.dirname, '../../..')
const source = `
  import { createElement, version } from 'react'
  import { createRoot } from 'react-dom/client'
  export default { widgets: { main({ root }) {
    createRoot(root).render(createElement('m-text', null, 'React ' + version))
  } } }
`

/** Builds a remote with the React that an example of ours has, and answers its files. */
async function buildRemote(
  name: string,
  reactOf: string,
  options: Partial<ModuleFederationOptions>,
): Promise<Record<string, string>> {
  const dir = await mkdtemp(join(tmpdir(), 'mortise-foreign-'))
  const environment = process.env.NODE_ENV
  // The tool switches itself off in a test run.
  Object.assign(process.env, { MFE_VITE_NO_TEST_ENV_CHECK: 'true', NODE_ENV: 'production' })
  const before = process.cwd()
  try {
    await mkdir(join(dir, 'node_modules'))
    for (const dependency of ['react', 'react-dom']) {
      await symlink(join(root, reactOf, 'node_modules', dependency), join(dir, 'node_modules', dependency))
    }
    await writeFile(
      join(dir, 'package.json'),
      JSON.stringify({ name, type: 'module', dependencies: { react: '*' } }),
    )
    await writeFile(join(dir, 'plugin.js'), source)
    process.chdir(dir)
    await build({
      root: dir,
      configFile: false,
      base: './',
      logLevel: 'silent',
      plugins: federation({
        name,
        filename: 'remoteEntry.js',
        manifest: true,
        dts: false,
        exposes: { './plugin': './plugin.js' },
        ...options,
      }),
      build: {
        target: 'esnext',
        modulePreload: false,
        rolldownOptions: { input: join(dir, 'plugin.js') },
      },
    })
    const dist = join(dir, 'dist')
    const files: Record<string, string> = {}
    for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      files[path.slice(dist.length + 1)] = await readFile(path, 'utf8')
    }
    return files
  } finally {
    process.chdir(before)
    process.env.NODE_ENV = environment
    await rm(dir, { recursive: true, force: true })
  }
}

const manifestOf = (name: string) => ({
  name,
  version: '1.0.0',
  displayName: name,
  description: 'A remote of another tool.',
  type: 'extension',
  author: 'Tests',
  permissions: [],
  entrypoints: { ui: 'remoteEntry.js' },
  contributes: { widgets: [{ id: 'main', title: name, slot: 'dashboard.main' }] },
})
const share = (requiredVersion: string, more: object = {}) => {
  const shared = { singleton: true, requiredVersion, ...more }
  return { react: shared, 'react-dom': shared, 'react-dom/client': shared }
}

test('a remote of the standard tool shares the React of the sandbox', async () => {
  const files = await buildRemote('foreign_nineteen', 'packages/react', { shared: share('^19.0.0') })
  const record = await stage.client.install({ manifest: manifestOf('foreign-nineteen'), files })
  expect(record.ui).toMatchObject({
    format: 'federation',
    sharing: {
      isolated: [],
      sentence: expect.stringMatching(/^Shares React 19\.\S+ with the sandbox; nothing/),
    },
  })
  const { page, context } = await openConsole(stage.browser, stage.console)
  await page
    .getByRole('article', { name: 'foreign-nineteen' })
    .getByText(/^React 19\./)
    .waitFor()
  await context.close()
})

test('one that needs another React runs on its own copy, though it asks for a single one', async () => {
  const files = await buildRemote('foreign_eighteen', 'examples/session-count', { shared: share('^18.0.0') })
  const record = await stage.client.install({ manifest: manifestOf('foreign-eighteen'), files })
  expect(record.ui?.sharing).toMatchObject({
    isolated: expect.arrayContaining(['react', 'react-dom/client']),
    sentence: expect.stringMatching(/brings its own React 18\.\S+, isolated in its realm\.$/),
  })
  const { page, context } = await openConsole(stage.browser, stage.console)
  await page
    .getByRole('article', { name: 'foreign-eighteen' })
    .getByText(/^React 18\./)
    .waitFor()
  await context.close()
})

test('one that looks for a runtime outside itself finds that of the sandbox', async () => {
  const files = await buildRemote('foreign_bare', 'packages/react', {
    shared: share('^19.0.0', { import: false, suppressMissingImportWarning: true }),
    experiments: { externalRuntime: true },
  })
  await stage.client.install({ manifest: manifestOf('foreign-bare'), files })
  const { page, context } = await openConsole(stage.browser, stage.console)
  await page
    .getByRole('article', { name: 'foreign-bare' })
    .getByText(/^React 19\./)
    .waitFor()
  await context.close()
})
