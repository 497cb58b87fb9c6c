import type { ErrorRecord } from '@mortise/contract'
import type { SlotWidget } from '@mortise/host'
import { type CSSProperties, useEffect, useId, useRef, useState } from 'react'
import { PluginIcon } from '../components/plugin-icon.tsx'
import { FrameFailure } from './frame-failure.tsx'
import { FrameMenu, type FrameMenuActions } from './frame-menu.tsx'
import { FrameSkeleton } from './frame-skeleton.tsx'
import { frameState, reservedHeight } from './frame-state.ts'
import { FrameStatus } from './frame-status.tsx'
import { FrameSurface } from './frame-surface.tsx'
import { useHost } from './host-context.tsx'
import { useMount, useMountState, useSeen } from './use-mount.ts'
import { WidgetBoundary } from './widget-boundary.tsx'
import { WorkerSurface } from './worker-surface.tsx'

export interface WidgetFrameProps extends FrameMenuActions {
  readonly widget: SlotWidget
  readonly slot: string
  readonly context?: unknown
  /** CSS pixels before a worker widget's content scrolls. */
  readonly maxHeight?: number | undefined
}

/**
 * One widget with the host's own bar above it: whose it is, how it is, and what
 * can be done about it. The widget draws below the bar and nowhere else.
 */
export function WidgetFrame({ widget, slot, context = null, maxHeight, ...actions }: WidgetFrameProps) {
  const { plugin, surface } = widget
  const host = useHost()
  const element = useRef<HTMLElement>(null)
  const titleId = useId()
  const seen = useSeen(element)
  const allowed = plugin.status === 'active' || plugin.status === 'failed'
  const mount = useMount(widget, slot, context, seen && allowed)
  const mountState = useMountState(mount)
  const [drawError, setDrawError] = useState<ErrorRecord>()
  const state = frameState(plugin, drawError ? { status: 'failed', error: drawError } : mountState)
  const height = mountState.height ?? reservedHeight(widget.widget.height, surface)
  const style = { '--m-widget-height': `${height}px`, '--m-widget-max-height': maxHeight && `${maxHeight}px` }
  const { status } = mountState
  // Whatever started the widget again, an error of its last life says nothing about this one.
  useEffect(() => {
    if (status === 'loading') setDrawError(undefined)
  }, [status])
  const retry = () => {
    setDrawError(undefined)
    mount?.retry()
  }
  const failure = state.type !== 'loading' && state.type !== 'running'
  return (
    <article
      ref={element}
      className="m-frame"
      aria-labelledby={titleId}
      aria-busy={state.type === 'loading'}
      data-state={state.type}
      data-plugin={plugin.id}
      data-widget={widget.widget.id}
      style={style as CSSProperties}
    >
      <header className="m-frame__bar">
        <PluginIcon id={plugin.id} name={plugin.displayName} />
        <div className="m-frame__names">
          <h2 id={titleId} className="m-frame__title" title={widget.widget.title}>
            <bdi>{widget.widget.title}</bdi>
          </h2>
          <span className="m-frame__plugin" title={`Plugin: ${plugin.displayName}`}>
            <bdi>{plugin.displayName}</bdi>
          </span>
        </div>
        <FrameStatus
          state={state}
          onOpenPermissions={() => actions.onOpenPlugin?.(plugin.id, 'permissions')}
        />
        <FrameMenu widget={widget} {...actions} />
      </header>
      {failure ? (
        <FrameFailure
          plugin={plugin}
          state={state}
          onRetry={retry}
          onAllow={() => host.allowUnconfined(plugin.id, true)}
          {...actions}
        />
      ) : (
        <WidgetBoundary onError={setDrawError}>
          {!mount ? (
            <FrameSkeleton surface={surface} />
          ) : surface === 'worker' ? (
            <WorkerSurface widget={widget} receiver={mount.receiver} running={state.type === 'running'} />
          ) : (
            <FrameSurface
              mount={mount}
              title={`${widget.widget.title}, ${plugin.displayName}`}
              running={state.type === 'running'}
            />
          )}
        </WidgetBoundary>
      )}
    </article>
  )
}
