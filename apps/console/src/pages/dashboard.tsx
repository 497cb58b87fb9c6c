import { Button, EmptyState, PageHeader, Skeleton, Slot } from '@mortise/react/host'
import LayoutDashboard from 'lucide-react/icons/layout-dashboard'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { usePageTitle } from '../parts/page.tsx'
import { useOpenPlugin } from '../parts/use-open-plugin.ts'
import { openApproval } from '../state/prompts.ts'
import { host } from '../state/shell.ts'

const mainSlot = 'dashboard.main'
const sideSlot = 'dashboard.side'
const noContext = {}

/** The page that plugins fill. */
export function DashboardPage() {
  usePageTitle('Dashboard')
  const { plugins, ready } = useStore(host.store)
  const hasMain = useStore(host.store, () => host.widgetsOf(mainSlot).length > 0)
  const hasSide = useStore(host.store, () => host.widgetsOf(sideSlot).length > 0)
  const openPlugin = useOpenPlugin()
  const waiting = plugins.find(({ status }) => status === 'awaiting-approval')
  return (
    <div className="c-page">
      <PageHeader title="Dashboard" description="Widgets of the plugins you have installed." />
      {!ready ? (
        <DashboardSkeleton />
      ) : hasMain || hasSide ? (
        <div className={hasMain && hasSide ? 'c-dashboard c-dashboard--split' : 'c-dashboard'}>
          {hasMain && (
            <div className="c-dashboard__main">
              <Slot id={mainSlot} context={noContext} label="Main widgets" onOpenPlugin={openPlugin} />
            </div>
          )}
          {hasSide && (
            <div className="c-dashboard__side">
              <Slot id={sideSlot} context={noContext} label="Side widgets" onOpenPlugin={openPlugin} />
            </div>
          )}
        </div>
      ) : waiting ? (
        <EmptyDashboard
          title={`${waiting.displayName} waits for your approval`}
          description="It is installed, but runs nothing before you decide what it may do."
          action={`Review ${waiting.displayName}`}
          onPress={() => openApproval(waiting.id)}
        />
      ) : (
        <InstallHint hasPlugins={plugins.length > 0} />
      )}
    </div>
  )
}

function InstallHint({ hasPlugins }: { readonly hasPlugins: boolean }) {
  const [, navigate] = useLocation()
  return (
    <EmptyDashboard
      title={hasPlugins ? 'No plugin has a widget here yet' : 'Nothing is joined in here yet'}
      description="Plugins put their widgets on this page. Install one, say what it may do, and it appears here."
      action="Install a plugin"
      onPress={() => navigate('/plugins?tab=catalog')}
    />
  )
}

interface EmptyDashboardProps {
  readonly title: string
  readonly description: string
  readonly action: string
  readonly onPress: () => void
}

function EmptyDashboard({ title, description, action, onPress }: EmptyDashboardProps) {
  return (
    <div className="c-dashboard-empty">
      <EmptyState icon={<LayoutDashboard />} title={title} description={description}>
        <Button variant="primary" onPress={onPress}>
          {action}
        </Button>
      </EmptyState>
    </div>
  )
}

function DashboardSkeleton() {
  return (
    <div className="c-dashboard" aria-busy="true">
      <div className="c-dashboard__main">
        <div className="c-widget-skeleton">
          <Skeleton shape="block" width={100} />
        </div>
        <div className="c-widget-skeleton">
          <Skeleton shape="block" width={100} />
        </div>
      </div>
    </div>
  )
}
