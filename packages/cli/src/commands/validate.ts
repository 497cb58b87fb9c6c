import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import {
  federationManifestName,
  findEntries,
  type Issue,
  inspectEntry,
  MortiseError,
  parseManifest,
} from '@mortise/contract'
import type { Command } from 'commander'
import { createOutput } from '../output.ts'
import { plain } from '../terminal.ts'

export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('check the manifest of a plugin and the files it names')
    .argument('[dir]', 'folder of the plugin', '.')
    .option('--json', 'print the outcome as JSON')
    .action(validate)
}

async function validate(dir: string, { json = false }: { json?: boolean }): Promise<void> {
  const output = createOutput(json)
  const { issues, sharing } = await inspect(dir)
  if (issues.length > 0) process.exitCode = 1
  const lines =
    issues.length === 0
      ? ['The manifest and the files it names are fine.']
      : issues.map(({ file, pointer, message }) => `${file}#${pointer} ${plain(message)}`)
  if (sharing !== undefined && issues.length === 0) lines.push(plain(sharing))
  output.result({ valid: issues.length === 0, issues, sharing }, lines.join('\n'))
}

interface Findings {
  readonly issues: readonly Issue[]
  /** What the UI shares with its sandbox, in one sentence. */
  readonly sharing?: string
}

async function inspect(dir: string): Promise<Findings> {
  const text = await readFile(join(dir, 'manifest.json'), 'utf8').catch((cause: unknown) => {
    throw new MortiseError(
      'MANIFEST_NOT_FOUND',
      `There is no readable manifest.json in ${dir}. Name the folder of a plugin, or write its manifest first.`,
      { cause },
    )
  })
  const parsed = parseManifest(text)
  if (!parsed.ok) return parsed
  const { readPluginFiles } = await import('@mortise/vite-plugin')
  const files = await readPluginFiles(dir)
  const entries = findEntries(parsed.value.manifest, new Set(files.keys()))
  if (!entries.ok) return entries
  const { ui } = entries.value
  if (ui === undefined) return { issues: [] }
  const read = (path: string) => {
    const bytes = files.get(path)
    return bytes && new TextDecoder().decode(bytes)
  }
  const { plan } = inspectEntry(read(ui) ?? '', read(posix.join(posix.dirname(ui), federationManifestName)))
  const isWhole = plan.missing.length === 0
  const issue = { file: 'manifest.json', pointer: '/entrypoints/ui', message: plan.sentence }
  return { issues: isWhole ? [] : [issue], sharing: plan.sentence }
}
