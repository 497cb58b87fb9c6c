import CircleX from 'lucide-react/icons/circle-x'
import History from 'lucide-react/icons/history'
import Hourglass from 'lucide-react/icons/hourglass'
import ShieldBan from 'lucide-react/icons/shield-ban'
import ShieldQuestionMark from 'lucide-react/icons/shield-question-mark'
import ShieldX from 'lucide-react/icons/shield-x'
import { Badge } from '../components/badge.tsx'
import { IconButton } from '../components/button.tsx'
import { Spinner } from '../components/spinner.tsx'
import type { FrameState } from './frame-state.ts'

export interface FrameStatusProps {
  readonly state: FrameState
  readonly onOpenPermissions: () => void
}

/** How a widget is, in the title bar. One that simply runs says nothing. */
export function FrameStatus({ state, onOpenPermissions }: FrameStatusProps) {
  switch (state.type) {
    case 'loading':
      return (
        <span className="m-frame__state" role="status">
          <Spinner />
          {state.restarts === undefined ? (
            <span className="m-visually-hidden">Loading</span>
          ) : (
            <span>{`Restarting after ${state.restarts} ${state.restarts === 1 ? 'stop' : 'stops'}`}</span>
          )}
        </span>
      )
    case 'running':
      return (
        <>
          {state.fallback && (
            <Badge tone="warning" icon={<History />}>
              <span className="m-visually-hidden">The installed version did not load. Running: </span>
              {state.fallback.version}
            </Badge>
          )}
          {state.denied > 0 && (
            <IconButton
              size="sm"
              icon={<ShieldX />}
              label={`${state.denied} ${state.denied === 1 ? 'permission' : 'permissions'} denied`}
              onPress={onOpenPermissions}
            />
          )}
        </>
      )
    case 'awaiting':
      return (
        <Badge tone="warning" icon={<Hourglass />}>
          Waiting
        </Badge>
      )
    case 'unconfined':
      return (
        <Badge tone="warning" icon={<ShieldQuestionMark />}>
          Not started
        </Badge>
      )
    case 'failed':
      return (
        <Badge tone="danger" icon={<CircleX />}>
          Failed
        </Badge>
      )
    case 'quarantined':
      return (
        <Badge tone="danger" icon={<ShieldBan />}>
          Quarantined
        </Badge>
      )
    default:
      return state satisfies never
  }
}
