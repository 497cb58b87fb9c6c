import type { EmailOverview } from '@mortise/contract'
import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

interface Options {
  readonly allow: readonly string[]
  readonly remove: readonly string[]
  readonly json?: boolean
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value]

export function addEmail(plugin: Command): void {
  plugin
    .command('email')
    .description('show the email of a plugin, and decide whom it may write to')
    .argument('<name>')
    .option(
      '--allow <recipient>',
      'ada@example.com, *@example.com, or * for anybody; can be repeated',
      collect,
      [],
    )
    .option('--remove <recipient>', 'take an allowed recipient back; can be repeated', collect, [])
    .option('--json', 'print recipients and messages as JSON')
    .action(email)
}

async function email(name: string, { allow, remove, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const before = await client.email(name)
  const kept = before.allowed.filter((one) => !remove.includes(one))
  const isChange = allow.length > 0 || remove.length > 0
  const after = isChange ? await client.setRecipients(name, [...kept, ...allow]) : before
  output.result(after, describe(name, after))
}

function describe(name: string, { delivery, allowed, wanted, messages }: EmailOverview): string {
  const open = wanted.filter((one) => !allowed.includes(one.toLowerCase()))
  const rows = messages.map(({ createdAt, state, to, subject, error }) =>
    [createdAt, state, to.join(', '), subject, error ?? ''].map(plain),
  )
  return [
    `${name} may write to ${plain(allowed.join(', ')) || 'nobody'}.`,
    ...(open.length > 0 ? [`It also asks for ${plain(open.join(', '))}.`] : []),
    ...(delivery === 'captured'
      ? ['Nothing is sent: the server has no mail server, messages are kept only.']
      : []),
    ...(rows.length > 0 ? [columns([['WRITTEN', 'STATE', 'TO', 'SUBJECT', 'ERROR'], ...rows])] : []),
  ].join('\n')
}
