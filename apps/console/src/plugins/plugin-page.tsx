import type { PluginRecord } from '@mortise/contract'
import {
  Button,
  ConfirmDialog,
  EmptyState,
  IconButton,
  Link,
  Menu,
  Notice,
  PageHeader,
  PluginIcon,
  Tabs,
} from '@mortise/react/host'
import Ellipsis from 'lucide-react/icons/ellipsis'
import History from 'lucide-react/icons/history'
import RotateCw from 'lucide-react/icons/rotate-cw'
import Trash2 from 'lucide-react/icons/trash-2'
import { Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { pluginsApi } from '../api/plugins.ts'
import { ConfigForm } from '../config/lazy-config-form.ts'
import { PageSkeleton, usePageTitle } from '../parts/page.tsx'
import { pluginPath } from '../parts/plugin-path.ts'
import { PluginStatusBadge } from '../parts/status.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { Clock } from '../parts/time.tsx'
import { openApproval } from '../state/prompts.ts'
import { refresh } from '../state/query.ts'
import { host, usePlugin } from '../state/shell.ts'
import { toast, toastFailure } from '../state/toasts.ts'
import { DeliveriesTab } from './deliveries-tab.tsx'
import { EmailTab } from './email-tab.tsx'
import { catalogKey } from './install.ts'
import { LogsTab } from './logs-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { PermissionsTab } from './permissions-tab.tsx'
import { ScheduleTab } from './schedule-tab.tsx'
import { SecretsSection } from './secrets-section.tsx'
import { UsageTab } from './usage-tab.tsx'

interface PluginPageProps {
  readonly id: string
  readonly tab: string
}

/** Everything about one installed plugin. */
export function PluginPage({ id, tab }: PluginPageProps) {
  const plugin = usePlugin(id)
  const ready = useStore(host.store, (state) => state.ready)
  usePageTitle(plugin?.displayName ?? 'Plugin')
  if (plugin) return <InstalledPlugin plugin={plugin} tab={tab} />
  if (!ready) return <PageSkeleton />
  return (
    <div className="c-page">
      <h1 className="m-visually-hidden">Plugin not found</h1>
      <EmptyState
        title={`No plugin called ${id} is installed`}
        description="It may have been uninstalled in another window."
      >
        <Link href="/plugins">Show all plugins</Link>
      </EmptyState>
    </div>
  )
}

function InstalledPlugin({ plugin, tab }: { readonly plugin: PluginRecord; readonly tab: string }) {
  const [, navigate] = useLocation()
  const { id, displayName } = plugin
  const asks = (permission: string) => plugin.permissions.some(({ name }) => name === permission)
  const items = [
    { id: 'overview', label: 'Overview', content: <OverviewTab plugin={plugin} /> },
    { id: 'permissions', label: 'Permissions', content: <PermissionsTab plugin={plugin} /> },
    {
      id: 'configuration',
      label: 'Configuration',
      content: (
        <div className="c-stack c-narrow">
          {/* Both at once: what stands below the form must not move under somebody's pointer. */}
          <Suspense fallback={<TableSkeleton rows={4} />}>
            {/* Another version can bring another schema, another window other values: the form starts anew. */}
            <ConfigForm key={`${plugin.version} ${JSON.stringify(plugin.config)}`} plugin={plugin} />
            <SecretsSection plugin={plugin} />
          </Suspense>
        </div>
      ),
    },
    { id: 'usage', label: 'Usage', content: <UsageTab plugin={plugin} /> },
    { id: 'logs', label: 'Logs', content: <LogsTab plugin={plugin} /> },
    { id: 'deliveries', label: 'Deliveries', content: <DeliveriesTab plugin={plugin} /> },
    ...(asks('email') ? [{ id: 'email', label: 'Email', content: <EmailTab plugin={plugin} /> }] : []),
    ...(asks('scheduler')
      ? [{ id: 'schedule', label: 'Schedule', content: <ScheduleTab plugin={plugin} /> }]
      : []),
  ]
  const known = items.some((item) => item.id === tab) ? tab : 'overview'
  return (
    <div className="c-page">
      <PageHeader
        title={<bdi>{displayName}</bdi>}
        icon={<PluginIcon id={id} name={displayName} size="lg" />}
        status={<PluginStatusBadge plugin={plugin} />}
        description={plugin.description}
        breadcrumb={[{ label: 'Plugins', href: '/plugins' }, { label: displayName }]}
        actions={<PluginActions plugin={plugin} />}
      />
      {known !== 'configuration' && <NextStep plugin={plugin} />}
      <Tabs
        label={displayName}
        selected={known}
        onChange={(next) => navigate(pluginPath(id, next === 'overview' ? undefined : next))}
        items={items}
      />
    </div>
  )
}

/** What stands between the plugin and running, and the one button that leads on. */
function NextStep({ plugin }: { readonly plugin: PluginRecord }) {
  const [, navigate] = useLocation()
  const { id, displayName, status, lastError, retryAt } = plugin
  const [starting, setStarting] = useState(false)
  const startAgain = async () => {
    setStarting(true)
    try {
      await pluginsApi.enable(id)
      await host.refresh(id)
    } catch (error) {
      toastFailure(`${displayName} was not started`, error)
    } finally {
      setStarting(false)
    }
  }
  if (status === 'awaiting-approval') {
    return (
      <Notice
        tone="warning"
        title={`${displayName} waits for your approval`}
        actions={
          <Button size="sm" variant="primary" onPress={() => openApproval(id)}>
            Review permissions
          </Button>
        }
      >
        Nothing of it runs before you decide what it may do.
      </Notice>
    )
  }
  if (status === 'awaiting-configuration') {
    return (
      <Notice
        tone="warning"
        title={`${displayName} needs settings before it can start`}
        actions={
          <Button size="sm" onPress={() => navigate(pluginPath(id, 'configuration'))}>
            Configure
          </Button>
        }
      >
        Some required values are missing.
      </Notice>
    )
  }
  if (status !== 'failed' && status !== 'quarantined') return null
  return (
    <Notice
      tone="danger"
      title={
        status === 'quarantined'
          ? `${displayName} was stopped after failing too often`
          : `${displayName} failed`
      }
      actions={
        <>
          <Button size="sm" loading={starting} onPress={() => void startAgain()}>
            Start again
          </Button>
          <Button size="sm" variant="ghost" onPress={() => navigate(pluginPath(id, 'logs'))}>
            Open its log
          </Button>
        </>
      }
    >
      {lastError ? `${lastError.message} (${lastError.code})` : 'It gave no reason.'}
      {retryAt && (
        <>
          {' '}
          It is tried once more at <Clock time={retryAt} />.
        </>
      )}
    </Notice>
  )
}

function PluginActions({ plugin }: { readonly plugin: PluginRecord }) {
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState<'switch' | 'uninstall'>()
  const [confirming, setConfirming] = useState(false)
  const { id, displayName, enabled, status, previousVersion } = plugin
  const waiting = status === 'awaiting-approval' || status === 'awaiting-configuration'

  const turn = async () => {
    setBusy('switch')
    try {
      await (enabled ? pluginsApi.disable(id) : pluginsApi.enable(id))
      await host.refresh(id)
      toast(enabled ? `${displayName} is disabled` : `${displayName} is enabled`)
    } catch (error) {
      toastFailure(`${displayName} is unchanged`, error)
    } finally {
      setBusy(undefined)
    }
  }

  const rollback = async () => {
    try {
      const { version } = await pluginsApi.rollback(id)
      await host.refresh(id)
      toast(`${displayName} is back at ${version}`)
    } catch (error) {
      toastFailure(`${displayName} is unchanged`, error)
    }
  }

  const uninstall = async () => {
    setBusy('uninstall')
    try {
      await pluginsApi.uninstall(id)
      navigate('/plugins')
      await host.refresh()
      void refresh(catalogKey)
      toast(`${displayName} is uninstalled`)
    } catch (error) {
      toastFailure(`${displayName} is still installed`, error)
      setBusy(undefined)
      setConfirming(false)
    }
  }

  return (
    <>
      {!waiting && (
        <Button loading={busy === 'switch'} onPress={() => void turn()}>
          {enabled ? 'Disable' : 'Enable'}
        </Button>
      )}
      <Menu
        label={`More for ${displayName}`}
        trigger={<IconButton label="More actions" icon={<Ellipsis />} variant="secondary" />}
        items={[
          {
            id: 'reload',
            label: 'Reload widgets',
            icon: <RotateCw />,
            disabled: !plugin.ui,
            onAction: () => void host.reload(id),
          },
          ...(previousVersion === undefined
            ? []
            : [
                {
                  id: 'rollback',
                  label: `Roll back to ${previousVersion}`,
                  icon: <History />,
                  onAction: () => void rollback(),
                },
              ]),
          'separator',
          {
            id: 'uninstall',
            label: 'Uninstall',
            icon: <Trash2 />,
            tone: 'danger',
            onAction: () => setConfirming(true),
          },
        ]}
      />
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Uninstall ${displayName}?`}
        description="Its settings, its stored data and its log are deleted. This cannot be undone."
        confirmLabel={`Uninstall ${displayName}`}
        tone="danger"
        loading={busy === 'uninstall'}
        onConfirm={() => void uninstall()}
      />
    </>
  )
}
