import type { ThemeScopeRequest } from '@mortise/host'
import { type ReactNode, useState } from 'react'
import { Button } from '../components/button.tsx'
import { classes } from '../components/classes.ts'
import { EmptyState } from '../components/feedback.tsx'
import { ScopeName } from '../components/scope-name.ts'
import type { FrameMenuActions } from './frame-menu.tsx'
import { FrameSkeleton } from './frame-skeleton.tsx'
import { useHostState, useWidgets } from './host-context.tsx'
import { useThemeScope } from './theme-scope.tsx'
import { WidgetFrame } from './widget-frame.tsx'

export interface SlotProps extends Pick<FrameMenuActions, 'onOpenPlugin'> {
  /** Name in the domain's table, such as `dashboard.main`. */
  readonly id: string
  /** What the slot tells its widgets; must fit the slot's context schema. */
  readonly context?: unknown
  /** Read by screen readers. The slot's name by default. */
  readonly label?: string
  readonly layout?: 'stack' | 'grid'
  /** `one` shows the first widget only. */
  readonly cardinality?: 'one' | 'many'
  /** CSS pixels before a worker widget's content scrolls; 640 by default. */
  readonly maxHeight?: number
  /** A theme for this slot alone; the page's without it. */
  readonly theme?: ThemeScopeRequest | undefined
  /** Shown where no plugin adds anything; `null` shows nothing. */
  readonly empty?: ReactNode
}

/** A named place where plugins appear, each in a frame that says whose it is. */
export function Slot(props: SlotProps) {
  const { id, label = id, layout = 'stack', cardinality = 'many', maxHeight = 640, onOpenPlugin } = props
  const widgets = useWidgets(id)
  const { ready } = useHostState()
  const scope = useThemeScope(props.theme)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const offered = cardinality === 'one' ? widgets.slice(0, 1) : widgets
  const shown = offered.filter((widget) => !hidden.has(widget.key))
  const hiddenCount = offered.length - shown.length
  return (
    <section
      className={classes('m-slot', `m-slot--${layout}`)}
      aria-label={label}
      aria-busy={!ready}
      data-slot={id}
      {...scope.attributes}
    >
      <ScopeName value={scope.name}>
        {!ready && (
          <div className="m-frame" aria-hidden="true">
            <div className="m-frame__bar" />
            <FrameSkeleton surface="worker" />
          </div>
        )}
        {ready && offered.length === 0 && (props.empty === undefined ? <EmptySlot id={id} /> : props.empty)}
        {shown.map((widget) => (
          <WidgetFrame
            key={widget.key}
            widget={widget}
            slot={id}
            context={props.context}
            maxHeight={maxHeight}
            onOpenPlugin={onOpenPlugin}
            onHide={(key) => setHidden(new Set([...hidden, key]))}
          />
        ))}
        {hiddenCount > 0 && (
          <div className="m-slot__hidden">
            <span>
              {hiddenCount} {hiddenCount === 1 ? 'widget' : 'widgets'} hidden
            </span>
            <Button autoFocus size="sm" variant="ghost" onPress={() => setHidden(new Set())}>
              Show
            </Button>
          </div>
        )}
      </ScopeName>
    </section>
  )
}

function EmptySlot({ id }: { readonly id: string }) {
  return (
    <div className="m-slot__empty">
      <EmptyState
        size="sm"
        title="Nothing here yet"
        description={`Plugins that draw into ${id} appear here once they are installed and approved.`}
      />
    </div>
  )
}
