import type { Mount } from '@mortise/host'
import { useEffect, useRef } from 'react'
import { FrameSkeleton } from './frame-skeleton.tsx'
import { useMountState } from './use-mount.ts'

export interface FrameSurfaceProps {
  readonly mount: Mount
  /** Read by screen readers when they enter the iframe. */
  readonly title: string
  readonly running: boolean
}

/** A widget that draws itself, in an iframe that the engine owns. */
export function FrameSurface({ mount, title, running }: FrameSurfaceProps) {
  const element = useRef<HTMLDivElement>(null)
  const { status } = useMountState(mount)
  useEffect(() => {
    if (element.current) mount.attach?.(element.current)
  }, [mount])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry makes a new iframe, seen by its status
  useEffect(() => {
    element.current?.querySelector('iframe')?.setAttribute('title', title)
  }, [mount, title, status])
  return (
    <div className="m-frame__body">
      <div ref={element} className="m-frame__surface" />
      {!running && (
        <div className="m-frame__skeleton--over">
          <FrameSkeleton surface="frame" />
        </div>
      )}
    </div>
  )
}
