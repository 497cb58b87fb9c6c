import type { IconName } from '@mortise/contract'
import { lazy, Suspense } from 'react'

const IconGlyph = lazy(() =>
  import('../components/icon-glyph.tsx').then((module) => ({ default: module.IconGlyph })),
)

/** An icon of the host's list. Its place is kept while the icons load. */
export function RemoteIcon({ name }: { readonly name: IconName }) {
  return (
    <Suspense fallback={<span className="m-w-icon-place" />}>
      <IconGlyph name={name} />
    </Suspense>
  )
}
