import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface PluginFolder extends AsyncDisposable {
  readonly dir: string
}

/** A manifest that is complete; fields given replace its own. */
export function manifestWith(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    name: 'hello',
    version: '1.0.0',
    displayName: 'Hello',
    description: 'Says hello.',
    type: 'extension',
    author: 'Test',
    permissions: [],
    entrypoints: { ui: 'dist/remoteEntry.js' },
    contributes: { widgets: [{ id: 'hello', title: 'Hello', slot: 'dashboard.main' }] },
    ...fields,
  })
}

/**
 * Writes a plugin into a temporary folder, with stand-ins for the packages that a
 * sandbox shares: a remote must not bundle them, so what they do is beside the point.
 */
export async function pluginFolder(files: Record<string, string>): Promise<PluginFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'mortise-plugin-'))
  const all: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'hello', type: 'module' }),
    ...standIn('react', 'index.js', "export const marker = 'bundled-react'; export default {}"),
    ...standIn('@mortise/sdk', 'index.ts', 'export function definePlugin(plugin: unknown) { return plugin }'),
    ...standIn(
      '@mortise/react',
      'index.ts',
      "export const Text = 'bundled-text'; export const widget = Text",
    ),
    'node_modules/react/jsx-runtime.js':
      'export const jsx = 1; export const jsxs = 2; export const Fragment = 3',
    ...files,
  }
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

function standIn(name: string, entry: string, source: string): Record<string, string> {
  const manifest = {
    name,
    version: '19.0.0',
    type: 'module',
    exports: { '.': `./${entry}`, './jsx-runtime': './jsx-runtime.js' },
  }
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify(manifest),
    [`node_modules/${name}/${entry}`]: source,
  }
}
