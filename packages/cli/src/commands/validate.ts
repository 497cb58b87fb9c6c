import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findEntries, type Issue, MortiseError, parseManifest } from '@mortise/contract'
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
  const issues = await findIssues(dir)
  if (issues.length > 0) process.exitCode = 1
  const lines = issues.map(({ file, pointer, message }) => `${file}#${pointer} ${plain(message)}`)
  output.result(
    { valid: issues.length === 0, issues },
    issues.length === 0 ? 'The manifest and the files it names are fine.' : lines.join('\n'),
  )
}

async function findIssues(dir: string): Promise<readonly Issue[]> {
  const text = await readFile(join(dir, 'manifest.json'), 'utf8').catch((cause: unknown) => {
    throw new MortiseError(
      'MANIFEST_NOT_FOUND',
      `There is no readable manifest.json in ${dir}. Name the folder of a plugin, or write its manifest first.`,
      { cause },
    )
  })
  const parsed = parseManifest(text)
  if (!parsed.ok) return parsed.issues
  const { readPluginFiles } = await import('@mortise/vite-plugin')
  const entries = findEntries(parsed.value.manifest, new Set((await readPluginFiles(dir)).keys()))
  return entries.ok ? [] : entries.issues
}
