import type { PluginRecord, Risk } from '@mortise/contract'
import { choose } from './ask.ts'
import type { Client } from './client.ts'
import { UsageError } from './describe-error.ts'
import type { Output } from './output.ts'
import { plain, riskWord } from './terminal.ts'

export interface ApproveOptions {
  /** Approves everything that is not denied by name. */
  readonly yes: boolean
  readonly deny: readonly string[]
  readonly output: Output
}

interface Wish {
  readonly kind: 'permissions' | 'hosts'
  readonly name: string
  readonly risk: Risk
  readonly sentence: string
}

const order: Readonly<Record<Risk, number>> = { high: 0, medium: 1, low: 2 }

/**
 * Shows what a plugin asks for, worst first, and sends what was decided.
 *
 * @returns The plugin as it is then; `undefined` where nobody decided.
 * @throws `USAGE` for a `--deny` that names nothing the plugin asks for.
 */
export async function approve(
  client: Client,
  plugin: PluginRecord,
  { yes, deny, output }: ApproveOptions,
): Promise<PluginRecord | undefined> {
  const wishes = listWishes(plugin)
  for (const name of deny) {
    if (!wishes.some((wish) => wish.name === name)) {
      throw new UsageError(
        `${plugin.name} does not ask for ${name}. It asks for ${wishes.map((wish) => wish.name).join(', ') || 'nothing'}.`,
      )
    }
  }
  if (wishes.length === 0) return plugin
  output.say(
    `It asks for:\n${wishes.map((wish) => `  ${riskWord(wish.risk)}  ${describe(wish)}`).join('\n')}`,
  )

  const granted = await decide(wishes, { yes, deny, output })
  if (!granted) return undefined
  const decisions = (kind: Wish['kind']) =>
    Object.fromEntries(
      wishes.filter((wish) => wish.kind === kind).map(({ name }) => [name, granted.has(name)]),
    )
  const record = await client.decide(plugin.name, {
    permissions: decisions('permissions'),
    hosts: decisions('hosts'),
  })
  const count = wishes.filter(({ name }) => granted.has(name)).length
  output.say(`Approved ${count} of ${wishes.length}.`)
  return record
}

async function decide(
  wishes: readonly Wish[],
  { yes, deny, output }: ApproveOptions,
): Promise<ReadonlySet<string> | undefined> {
  const left = wishes.filter(({ name }) => !deny.includes(name))
  if (yes || left.length === 0) return new Set(left.map(({ name }) => name))
  if (!output.interactive) return undefined
  return choose(
    'Deselect what you want to deny',
    left.map((wish) => ({ value: wish.name, label: `${wish.risk}: ${describe(wish)}` })),
  )
}

function listWishes(plugin: PluginRecord): Wish[] {
  const permissions = plugin.permissions
    .filter(({ decision }) => decision === 'pending')
    .map(({ name, risk, sentence }): Wish => ({ kind: 'permissions', name, risk, sentence }))
  const hosts = plugin.hosts
    .filter(({ decision }) => decision === 'pending')
    .map(({ host }): Wish => ({ kind: 'hosts', name: host, risk: 'medium', sentence: 'Send requests to' }))
  return [...permissions, ...hosts].sort((a, b) => order[a.risk] - order[b.risk])
}

function describe({ kind, name, sentence }: Wish): string {
  return plain(kind === 'hosts' ? `${sentence} ${name}` : `${sentence} (${name})`)
}
