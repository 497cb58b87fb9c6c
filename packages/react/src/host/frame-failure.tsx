import type { ErrorRecord, PluginRecord } from '@mortise/contract'
import CircleX from 'lucide-react/icons/circle-x'
import Hourglass from 'lucide-react/icons/hourglass'
import ShieldBan from 'lucide-react/icons/shield-ban'
import ShieldQuestionMark from 'lucide-react/icons/shield-question-mark'
import { Button } from '../components/button.tsx'
import { CodeText } from '../components/text.tsx'
import type { FrameMenuActions } from './frame-menu.tsx'
import type { FrameState } from './frame-state.ts'

export interface FrameFailureProps extends Pick<FrameMenuActions, 'onOpenPlugin'> {
  readonly plugin: PluginRecord
  readonly state: FrameState
  readonly onRetry: () => void
  /** A person lets the plugin start in a browser that does not confine it. */
  readonly onAllow: () => void
}

/** Why a widget is not shown: the plugin's name, the reason, the code and the way out. */
export function FrameFailure({ plugin, state, onRetry, onAllow, onOpenPlugin }: FrameFailureProps) {
  const name = <bdi>{plugin.displayName}</bdi>
  const error = 'error' in state ? state.error : undefined
  const open = (section: 'permissions' | 'configuration' | 'logs', label: string, variant?: 'ghost') =>
    onOpenPlugin && (
      <Button size="sm" variant={variant} onPress={() => onOpenPlugin(plugin.id, section)}>
        {label}
      </Button>
    )
  if (state.type === 'awaiting') {
    const approval = plugin.status === 'awaiting-approval'
    return (
      <div className="m-frame__failure m-tone-warning">
        <div className="m-frame__failure-title">
          <Hourglass aria-hidden="true" />
          <span>
            {name} waits for {approval ? 'your approval' : 'its settings'}
          </span>
        </div>
        <p className="m-frame__failure-reason">
          {approval
            ? 'Nothing of this plugin runs until its permissions are decided.'
            : 'Nothing of this plugin runs until its required settings are filled in.'}
        </p>
        <div className="m-frame__failure-actions">
          {approval ? open('permissions', 'Review permissions') : open('configuration', 'Configure')}
        </div>
      </div>
    )
  }
  if (state.type === 'unconfined') {
    return (
      <div className="m-frame__failure m-tone-warning">
        <div className="m-frame__failure-title">
          <ShieldQuestionMark aria-hidden="true" />
          <span>{name} was not started</span>
        </div>
        <p className="m-frame__failure-reason">
          <bdi>{state.error.message}</bdi> Start it if you would give a stranger what it may read.
        </p>
        <span className="m-frame__code">
          <CodeText>{state.error.code}</CodeText>
        </span>
        <div className="m-frame__failure-actions">
          <Button size="sm" onPress={onAllow}>
            Start anyway
          </Button>
          {open('permissions', 'See permissions', 'ghost')}
        </div>
      </div>
    )
  }
  const quarantined = state.type === 'quarantined'
  const mayRetry = !quarantined || state.here
  return (
    <div className="m-frame__failure m-tone-danger" role="alert">
      <div className="m-frame__failure-title">
        {quarantined ? <ShieldBan aria-hidden="true" /> : <CircleX aria-hidden="true" />}
        <span>
          {name} {quarantined ? 'is quarantined' : 'could not be shown'}
        </span>
      </div>
      <p className="m-frame__failure-reason">
        {!mayRetry && 'It failed too often and was stopped. '}
        <bdi>{reasonOf(error)}</bdi>
      </p>
      {error && (
        <span className="m-frame__code">
          <CodeText>{error.code}</CodeText>
        </span>
      )}
      <div className="m-frame__failure-actions">
        {mayRetry && (
          <Button size="sm" onPress={onRetry}>
            Retry
          </Button>
        )}
        {open('logs', 'Open logs', mayRetry ? 'ghost' : undefined)}
      </div>
    </div>
  )
}

function reasonOf(error: ErrorRecord | undefined): string {
  return error?.message || 'It ended without saying why.'
}
