import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ServerConfig } from '@mortise/server'
import { type RunningConsole, startConsole } from '@mortise/testing'

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** The reference workspace's configuration. */
export const configFile = join(root, 'apps/console/mortise.config.ts')

/** Where the example plugins are, one folder each. */
export const exampleFolder = join(root, 'examples')

/**
 * Starts the reference workspace as `npm start` does, on a random port with empty data.
 *
 * @param changes - Parts of its configuration that are otherwise.
 */
export async function start(
  env: Readonly<Record<string, string>> = {},
  changes?: Partial<Pick<ServerConfig, 'catalog' | 'appearance'>>,
): Promise<RunningConsole> {
  const config = changes ? await writeConfig(changes) : configFile
  return startConsole({ command: join(root, 'packages/cli/bin/mortise.mjs'), config, env })
}

async function writeConfig(changes: object): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'mortise-config-')), 'mortise.config.mjs')
  const from = JSON.stringify(pathToFileURL(configFile).href)
  await writeFile(
    file,
    `import config from ${from}\nexport default { ...config, ...${JSON.stringify(changes)} }\n`,
  )
  return file
}

/** The files of a folder of the workspace as text, by path: what a person would put into a package. */
export function packFolder(folder: string): Record<string, string> {
  const top = join(root, folder)
  const files: Record<string, string> = {}
  for (const entry of readdirSync(top, { recursive: true, encoding: 'utf8' })) {
    const path = join(top, entry)
    if (statSync(path).isFile()) files[relative(top, path)] = readFileSync(path, 'utf8')
  }
  return files
}
