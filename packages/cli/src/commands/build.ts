import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { createOutput } from '../output.ts'

export function addBuild(program: Command): void {
  program
    .command('build')
    .description('build the UI of a plugin')
    .argument('[dir]', 'folder of the plugin', '.')
    .option('--json', 'print the outcome as JSON')
    .action(build)
}

async function build(dir: string, { json = false }: { json?: boolean }): Promise<void> {
  const output = createOutput(json)
  const { buildPlugin, readManifest } = await import('@mortise/vite-plugin')
  const { name, version, entrypoints } = await readManifest(dir)
  const started = performance.now()
  await buildPlugin(dir)
  const milliseconds = Math.round(performance.now() - started)
  const entry = relative(process.cwd(), resolve(dir, entrypoints?.ui ?? ''))
  output.result(
    { name, version, entry, milliseconds },
    `Built ${name} ${version} into ${entry} in ${milliseconds} ms.`,
  )
}
