import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningConsole, startConsole } from '@mortise/testing'

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** The reference workspace's configuration. */
export const configFile = join(root, 'apps/console/mortise.config.ts')

/** Starts the reference workspace as `npm start` does, on a random port with empty data. */
export function start(env: Readonly<Record<string, string>> = {}): Promise<RunningConsole> {
  return startConsole({ command: join(root, 'packages/cli/bin/mortise.mjs'), config: configFile, env })
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
