import { EmptyState, Link } from '@mortise/react/host'
import SearchX from 'lucide-react/icons/search-x'
import { usePageTitle } from '../parts/page.tsx'

/** For an address that leads nowhere. */
export function NotFoundPage() {
  usePageTitle('Not found')
  return (
    <div className="c-page">
      <h1 className="m-visually-hidden">Page not found</h1>
      <EmptyState
        icon={<SearchX />}
        title="There is no page at this address"
        description="It may have been moved, or the plugin it belonged to was uninstalled."
      >
        <Link href="/">Go to the dashboard</Link>
      </EmptyState>
    </div>
  )
}
