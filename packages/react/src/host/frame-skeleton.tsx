import { Skeleton } from '../components/skeleton.tsx'

const lines = [80, 60, 80, 40, 60, 80, 40, 60] as const

/** Grey shapes as tall as the widget will be: a list for worker widgets, a block for frames. */
export function FrameSkeleton({ surface }: { readonly surface: 'worker' | 'frame' }) {
  return (
    <div className="m-frame__skeleton">
      {surface === 'frame' ? (
        <Skeleton shape="block" />
      ) : (
        lines.map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change
          <span key={index} className="m-frame__skeleton-line">
            <Skeleton width={width} />
            <Skeleton width={20} />
          </span>
        ))
      )}
    </div>
  )
}
