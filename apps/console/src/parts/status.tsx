import type { Decision, PluginRecord, PluginStatus } from '@mortise/contract'
import type { Session } from '@mortise/domains/streamspace'
import { Badge, type Tone } from '@mortise/react/host'

const pluginStatuses: Readonly<Record<PluginStatus, { word: string; tone: Tone }>> = {
  'awaiting-approval': { word: 'Needs approval', tone: 'warning' },
  'awaiting-configuration': { word: 'Needs configuration', tone: 'warning' },
  disabled: { word: 'Disabled', tone: 'neutral' },
  active: { word: 'Active', tone: 'success' },
  failed: { word: 'Failed', tone: 'danger' },
  quarantined: { word: 'Quarantined', tone: 'danger' },
}

/** What a plugin is doing, in a word. */
export function PluginStatusBadge({ plugin }: { readonly plugin: PluginRecord }) {
  const { word, tone } = pluginStatuses[plugin.status]
  return (
    <Badge tone={tone} dot>
      {word}
    </Badge>
  )
}

const sessionStates: Readonly<Record<Session['state'], { word: string; tone: Tone }>> = {
  running: { word: 'Running', tone: 'success' },
  hibernated: { word: 'Hibernated', tone: 'info' },
  terminated: { word: 'Terminated', tone: 'neutral' },
}

/** What a session is doing, in a word. */
export function SessionStateBadge({ state }: { readonly state: Session['state'] }) {
  const { word, tone } = sessionStates[state]
  return (
    <Badge tone={tone} dot>
      {word}
    </Badge>
  )
}

const decisions: Readonly<Record<Decision, { word: string; tone: Tone }>> = {
  granted: { word: 'Granted', tone: 'success' },
  denied: { word: 'Denied', tone: 'neutral' },
  pending: { word: 'Undecided', tone: 'warning' },
}

/** What was decided about a permission or a host. */
export function DecisionBadge({ decision }: { readonly decision: Decision }) {
  const { word, tone } = decisions[decision]
  return <Badge tone={tone}>{word}</Badge>
}

const types: Readonly<Record<string, string>> = {
  extension: 'Extension',
  webhook: 'Webhook',
  integration: 'Integration',
  theme: 'Theme',
  cli: 'Command line',
  api: 'API',
  ui: 'Interface',
  system: 'System',
}

/** A plugin type as people say it. */
export const typeWord = (type: string): string => types[type] ?? type
