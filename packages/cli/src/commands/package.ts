import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { createOutput } from '../output.ts'

export function addPackage(program: Command): void {
  program
    .command('package')
    .description('pack a plugin into <name>-<version>.mortise')
    .argument('[dir]', 'folder of the plugin', '.')
    .option('--out <folder>', 'where to write the package', '.')
    .option('--json', 'print the outcome as JSON')
    .action(pack)
}

async function pack(dir: string, { out, json = false }: { out: string; json?: boolean }): Promise<void> {
  const output = createOutput(json)
  const { packPlugin } = await import('@mortise/vite-plugin')
  const { name, version, bytes } = await packPlugin(dir)
  const file = join(out, `${name}-${version}.mortise`)
  await mkdir(out, { recursive: true })
  await writeFile(file, bytes)
  output.result(
    { name, version, file, bytes: bytes.length },
    `Packed ${name} ${version} into ${file} (${(bytes.length / 1000).toFixed(1)} kB).`,
  )
}
