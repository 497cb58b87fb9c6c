import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { checkThemes, describeContrast, withContrast } from '../../theme-contrast.ts'

interface Options {
  readonly revoke?: boolean
  readonly json?: boolean
}

export function addGrant(plugin: Command): void {
  plugin
    .command('grant')
    .description('decide on permissions or hosts a plugin asks for')
    .argument('<name>')
    .argument('<permission...>', 'permissions such as read:sessions, or hosts such as hooks.slack.com')
    .option('--revoke', 'deny instead of grant; running plugins notice at their next call')
    .option('--json', 'print the plugin as JSON')
    .action(grant)
}

async function grant(name: string, wanted: string[], options: Options): Promise<void> {
  const { revoke = false, json = false } = options
  const output = createOutput(json)
  const client = await createClient()
  const { hosts } = await client.plugin(name)
  const isHost = (text: string) => hosts.some(({ host }) => host === text)
  const decide = (names: readonly string[]) => Object.fromEntries(names.map((item) => [item, !revoke]))
  const record = await client.decide(name, {
    permissions: decide(wanted.filter((item) => !isHost(item))),
    hosts: decide(wanted.filter(isHost)),
  })
  const contrast = revoke ? [] : await checkThemes(client, record)
  output.say(describeContrast(contrast))
  output.result(
    withContrast(record, contrast),
    `${revoke ? 'Denied' : 'Granted'} ${wanted.join(', ')} for ${record.name}.`,
  )
}
