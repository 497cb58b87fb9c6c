import type { Mount, SlotWidget } from '@mortise/host'
import { classes } from '../components/classes.ts'
import { FrameSkeleton } from './frame-skeleton.tsx'
import { RemoteTree, useHasContent } from './remote-tree.tsx'

import { CurrentOwner, useOwnerHandle } from './widget-owner.ts'

export interface WorkerSurfaceProps {
  readonly widget: SlotWidget
  readonly receiver: Mount['receiver']
  readonly running: boolean
}

/** A widget whose tree the host draws. The skeleton stays until there is something to draw. */
export function WorkerSurface({ widget, receiver, running }: WorkerSurfaceProps) {
  const { owner, listeners } = useOwnerHandle(widget)
  const filled = useHasContent(receiver)
  if (!receiver || !filled) {
    return running ? <div className="m-frame__body" /> : <FrameSkeleton surface="worker" />
  }
  return (
    <div className={classes('m-frame__body', 'm-frame__body--worker', 'm-frame__body--filled')}>
      <div className="m-frame__content" {...listeners}>
        <CurrentOwner.Provider value={owner}>
          <RemoteTree receiver={receiver} />
        </CurrentOwner.Provider>
      </div>
    </div>
  )
}
