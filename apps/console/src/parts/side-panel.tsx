import { Button, EmptyState, IconButton, Skeleton } from '@mortise/react/host'
import X from 'lucide-react/icons/x'
import { type ReactNode, useEffect, useRef } from 'react'

interface SidePanelProps {
  /** What the panel shows one of, in lower case: `session`. */
  readonly kind: string
  /** `undefined` while it is read, or where there is none. */
  readonly title: string | undefined
  readonly loading: boolean
  /** Said below "There is no such …". */
  readonly absent: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * One thing beside the list it stands in. Takes the focus when it shows, closes
 * on Escape, and says so where what the address names is not there.
 */
export function SidePanel({ kind, title, loading, absent, onClose, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const name = kind.charAt(0).toUpperCase() + kind.slice(1)
  const shown = title !== undefined
  useEffect(() => {
    if (shown) heading.current?.focus({ preventScroll: true })
  }, [shown])
  return (
    <aside
      className="c-panel"
      aria-label={`${name} details`}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose()
      }}
    >
      <header className="c-panel__head">
        <h2 ref={heading} tabIndex={-1} className="c-panel__title">
          {title ?? name}
        </h2>
        <IconButton label="Close details" icon={<X />} size="sm" onPress={onClose} />
      </header>
      {shown ? (
        children
      ) : loading ? (
        <div className="c-panel__body" aria-busy="true">
          <Skeleton width={80} />
          <Skeleton width={60} />
          <Skeleton width={80} />
        </div>
      ) : (
        <EmptyState size="sm" title={`There is no such ${kind}`} description={absent}>
          <Button onPress={onClose}>Show all {kind}s</Button>
        </EmptyState>
      )}
    </aside>
  )
}
