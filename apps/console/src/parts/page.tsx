import { Skeleton } from '@mortise/react/host'
import { useEffect } from 'react'
import { ownName, useBranding } from '../appearance/branding.ts'

/** Names the document after the page, so that tabs and history can be told apart. */
export function usePageTitle(title: string): void {
  const { name = ownName } = useBranding()
  useEffect(() => {
    document.title = `${title} · ${name}`
  }, [title, name])
}

/** The shape of a page whose code is still on its way. */
export function PageSkeleton() {
  return (
    <div className="c-page" aria-busy="true">
      <div className="c-page-skeleton">
        <Skeleton width={20} />
        <Skeleton width={40} />
        <div className="c-page-skeleton__box">
          <Skeleton shape="block" width={100} />
        </div>
      </div>
    </div>
  )
}
