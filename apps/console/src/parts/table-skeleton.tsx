import { Skeleton } from '@mortise/react/host'

const widths = [60, 40, 80, 60] as const

/** Lines where rows will be. */
export function TableSkeleton({ rows }: { readonly rows: number }) {
  return (
    <div className="c-rows-skeleton" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} width={widths[row % widths.length]} />
      ))}
    </div>
  )
}
