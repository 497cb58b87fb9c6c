import type { PluginRecord } from '@mortise/contract'
import { EmptyState, Section } from '@mortise/react/host'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { HostList } from '../approval/host-list.tsx'
import { PermissionList } from '../approval/permission-list.tsx'
import { DecisionBadge } from '../parts/status.tsx'
import { host } from '../state/shell.ts'
import { toastFailure } from '../state/toasts.ts'
import { FrameNotice } from './frame-notice.tsx'

/** What a plugin may do. Each switch takes effect at once, while the plugin runs. */
export function PermissionsTab({ plugin }: { readonly plugin: PluginRecord }) {
  const [busy, setBusy] = useState(false)
  const decide = async (change: Parameters<typeof pluginsApi.grant>[1]) => {
    setBusy(true)
    try {
      await pluginsApi.grant(plugin.id, change)
      await host.refresh(plugin.id)
    } catch (error) {
      toastFailure(`What ${plugin.displayName} may do is unchanged`, error)
    } finally {
      setBusy(false)
    }
  }
  const granted = plugin.permissions.filter(({ decision }) => decision === 'granted')
  const hosts = plugin.hosts.filter(({ decision }) => decision === 'granted')
  return (
    <div className="c-stack c-narrow">
      <FrameNotice plugin={plugin} />
      <Section title="Permissions" description="Changes take effect at once, also while the plugin runs.">
        {plugin.permissions.length === 0 ? (
          <EmptyState
            size="sm"
            icon={<ShieldCheck />}
            title="It asks for no permissions"
            description="It cannot read or change anything of this workspace."
          />
        ) : (
          <PermissionList
            permissions={plugin.permissions}
            allowed={new Set(granted.map(({ name }) => name))}
            disabled={busy}
            onChange={(name, allowed) => void decide({ permissions: { [name]: allowed } })}
            note={({ decision }) => (decision === 'pending' ? <DecisionBadge decision={decision} /> : null)}
          />
        )}
      </Section>
      <Section
        title="Hosts"
        description="Where it may send requests. Hosts come from its manifest and its configuration."
      >
        {plugin.hosts.length === 0 ? (
          <p className="c-muted">None. It cannot send anything outside this host.</p>
        ) : (
          <HostList
            hosts={plugin.hosts}
            allowed={new Set(hosts.map((each) => each.host))}
            disabled={busy}
            onChange={(name, allowed) => void decide({ hosts: { [name]: allowed } })}
            note={({ decision }) => (decision === 'pending' ? <DecisionBadge decision={decision} /> : null)}
          />
        )}
      </Section>
    </div>
  )
}
