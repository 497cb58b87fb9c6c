import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isMortiseError, MortiseError, type PluginRecord } from '@mortise/contract'
import type { Command } from 'commander'
import { approve } from '../../approve.ts'
import { type Client, createClient } from '../../client.ts'
import { createOutput, type Output } from '../../output.ts'
import { plain } from '../../terminal.ts'
import { checkThemes, describeContrast, type ThemeContrast, withContrast } from '../../theme-contrast.ts'

interface Options {
  readonly yes?: boolean
  readonly deny: readonly string[]
  readonly json?: boolean
}

export function addInstall(plugin: Command): void {
  plugin
    .command('install')
    .description('install a plugin and decide on what it asks for')
    .argument('<source>', 'name in the catalog, folder of a plugin, or a .mortise file')
    .option('-y, --yes', 'approve everything it asks for')
    .option('--deny <permission>', 'deny a permission or host; can be repeated', collect, [])
    .option('--json', 'print the plugin as JSON')
    .action(install)
}

async function install(source: string, { yes = false, deny, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const installed = await client.install(await readSource(source)).catch((thrown) => explain(client, thrown))
  output.say(`${plain(installed.displayName)} ${installed.version} is installed. Nothing of it runs yet.`)
  if (installed.ui) output.say(plain(installed.ui.sharing.sentence))
  const contrast = await checkThemes(client, installed)
  output.say(describeContrast(contrast))

  const decided = await approve(client, installed, { yes, deny, output })
  if (!decided) {
    throw new MortiseError(
      'PLUGIN_APPROVAL_REQUIRED',
      `${installed.name} is installed, but nobody has decided on what it asks for, so it does not run.`,
      { data: { plugin: installed.name, pending: installed.pendingPermissions } },
    )
  }
  await enable(client, decided, contrast, output)
}

/** Enables the plugin, or says which settings it waits for. */
async function enable(
  client: Client,
  decided: PluginRecord,
  contrast: readonly ThemeContrast[],
  output: Output,
): Promise<void> {
  if (decided.configIssues.length === 0) {
    const record = await client.enable(decided.name)
    output.result(withContrast(record, contrast), `${record.name} is enabled (${record.status}).`)
    return
  }
  const sets = decided.configIssues.map(({ pointer }) => `--set ${keyOf(pointer)}=…`)
  output.result(
    decided,
    [
      `${decided.name} waits for its settings:`,
      ...decided.configIssues.map(({ pointer, message }) => `  ${plain(keyOf(pointer))} ${plain(message)}`),
      `Next: mortise plugin configure ${decided.name} ${plain(sets.join(' '))}`,
    ].join('\n'),
  )
}

/** A name that the catalog does not have is easier to mend with the names it has. */
async function explain(client: Client, thrown: unknown): Promise<never> {
  if (!isMortiseError(thrown) || thrown.code !== 'PLUGIN_NOT_FOUND') throw thrown
  const names = (await client.catalog()).map(({ name }) => plain(name))
  throw new MortiseError(thrown.code, `${thrown.message} It has ${names.join(', ') || 'none yet'}.`)
}

/** What to send: the bytes of a folder or file that exists, else a name for the catalog to know. */
async function readSource(source: string): Promise<Parameters<Client['install']>[0]> {
  if (!existsSync(source)) {
    if (!/[\\/]|\.(mortise|zip)$/.test(source)) return { name: source }
    throw new MortiseError(
      'NOT_FOUND',
      `There is no ${source} here. Name a folder, a .mortise file or a plugin of the catalog.`,
    )
  }
  if (!(await stat(source)).isDirectory()) {
    return { bytes: await readFile(source), fileName: basename(source) }
  }
  // A folder that only happens to have the name of a plugin is not meant.
  if (!existsSync(join(source, 'manifest.json')) && /^[a-z][a-z0-9-]*$/.test(source)) return { name: source }
  const { packPlugin } = await import('@mortise/vite-plugin')
  const { name, version, bytes } = await packPlugin(source)
  return { bytes, fileName: `${name}-${version}.mortise` }
}

function keyOf(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.') || 'settings'
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}
