import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface PluginFolder extends AsyncDisposable {
  readonly dir: string
}

/** Writes a plugin folder that is complete; manifest fields and files given replace its own. */
export async function pluginFolder(
  fields: Record<string, unknown> = {},
  files: Record<string, string> = { 'ui.js': 'export default {}' },
): Promise<PluginFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'mortise-cli-'))
  const manifest = {
    name: 'notebook',
    version: '1.0.0',
    displayName: 'Notebook',
    description: 'Shows notes.',
    type: 'extension',
    author: 'Test',
    permissions: ['read:notes', 'write:notes'],
    entrypoints: { ui: 'ui.js' },
    ...fields,
  }
  for (const [path, content] of Object.entries({
    'manifest.json': JSON.stringify(manifest, null, 2),
    ...files,
  })) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}
