import { isMortiseError, type PluginRecord } from '@mortise/contract'
import type { Command } from 'commander'
import { confirm } from '../../ask.ts'
import { type Client, createClient } from '../../client.ts'
import { UsageError } from '../../describe-error.ts'
import { createOutput, type Output } from '../../output.ts'
import { readSetting, setValue } from '../../settings.ts'
import { columns, plain, printableJson } from '../../terminal.ts'

interface Options {
  readonly set: readonly string[]
  readonly yes?: boolean
  readonly json?: boolean
}

export function addConfigure(plugin: Command): void {
  plugin
    .command('configure')
    .description('set the settings of a plugin; without --set, show them')
    .argument('<name>')
    .option(
      '--set <key=value>',
      'a setting; can be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('-y, --yes', 'approve the hosts that the settings name')
    .option('--json', 'print the plugin as JSON')
    .action(configure)
}

async function configure(name: string, { set, yes = false, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const before = await client.plugin(name)
  if (set.length === 0) {
    output.result(
      { config: before.config, configSchema: before.configSchema ?? {} },
      describeSettings(before),
    )
    return
  }
  const config = set
    .map((text) => readSetting(text, before.configSchema))
    .reduce((values, { path, value }) => setValue(values, path, value), { ...before.config })
  let record = await save(client, before, config, { yes, output })
  // It was meant to run and only waited for this.
  if (before.status === 'awaiting-configuration') record = await client.enable(name)
  output.result(record, `${record.name} is configured (${record.status}).`)
}

/** Saves the settings. Where they name new hosts, a person or --yes has to agree to those first. */
async function save(
  client: Client,
  { name }: PluginRecord,
  config: Record<string, unknown>,
  { yes, output }: { yes: boolean; output: Output },
): Promise<PluginRecord> {
  try {
    return await client.configure(name, config, [])
  } catch (thrown) {
    const hosts = hostsOf(thrown)
    if (!hosts || (!yes && !output.interactive)) throw thrown
    output.say(`With these settings ${name} can send requests to ${plain(hosts.join(', '))}.`)
    if (!yes && !(await confirm(output, 'Approve?'))) {
      throw new UsageError('Nothing was saved, because the hosts were not approved.')
    }
    return client.configure(name, config, hosts)
  }
}

function hostsOf(thrown: unknown): readonly string[] | undefined {
  if (!isMortiseError(thrown) || thrown.code !== 'PLUGIN_HOST_APPROVAL_REQUIRED') return undefined
  const hosts = (thrown.data as { hosts?: unknown } | undefined)?.hosts
  return Array.isArray(hosts) && hosts.every((host) => typeof host === 'string') ? hosts : undefined
}

function describeSettings({ name, config, configSchema }: PluginRecord): string {
  const properties = (configSchema?.properties ?? {}) as Record<string, Record<string, unknown>>
  const required = Array.isArray(configSchema?.required) ? configSchema.required : []
  const keys = [...new Set([...Object.keys(properties), ...Object.keys(config)])]
  if (keys.length === 0) return `${name} has no settings.`
  const rows = keys.map((key) => {
    const { type = '', description = '', title = '' } = properties[key] ?? {}
    const value = config[key] === undefined ? '' : printableJson(config[key])
    return [key, String(type), required.includes(key) ? 'yes' : '', value, String(description || title)].map(
      plain,
    )
  })
  return columns([['SETTING', 'TYPE', 'REQUIRED', 'VALUE', 'MEANING'], ...rows])
}
