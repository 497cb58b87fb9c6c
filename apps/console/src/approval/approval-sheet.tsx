import type { PluginRecord, ThemeContribution } from '@mortise/contract'
import { Badge, BuiltInTheme, Button, Dialog, Notice, PluginIcon, Skeleton, Tag } from '@mortise/react/host'
import BadgeX from 'lucide-react/icons/badge-x'
import Package from 'lucide-react/icons/package'
import User from 'lucide-react/icons/user'
import { Fragment, Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import { pluginsApi } from '../api/plugins.ts'
import { ContrastReport } from '../appearance/contrast-report.tsx'
import { themesOfPlugin } from '../appearance/theme-source.ts'
import { ConfigForm } from '../config/lazy-config-form.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { pluginPath } from '../parts/plugin-path.ts'
import { typeWord } from '../parts/status.tsx'
import { FrameNotice } from '../plugins/frame-notice.tsx'
import { closeApproval } from '../state/prompts.ts'
import { host, usePlugin } from '../state/shell.ts'
import { toast, toastFailure } from '../state/toasts.ts'
import { announceStart } from './announce-start.ts'
import { HostList } from './host-list.tsx'
import { PermissionList } from './permission-list.tsx'
import { useChoices } from './use-choices.ts'
import { approvalLabel, joinWords, whereItRuns } from './words.ts'

interface ApprovalSheetProps {
  /** Id of an installed plugin. */
  readonly plugin: string
  /** Whether it was installed a moment ago, so that cancelling removes it. */
  readonly fresh: boolean
}

/**
 * Where a person decides what a plugin may do, before any of its code runs, and
 * then gives it the settings it needs.
 */
export function ApprovalSheet({ plugin: id, fresh }: ApprovalSheetProps) {
  const plugin = usePlugin(id)
  const [step, setStep] = useState<'permissions' | 'configuration'>('permissions')
  if (!plugin) return null
  return (
    <BuiltInTheme>
      {step === 'permissions' ? (
        <PermissionStep plugin={plugin} fresh={fresh} onConfigure={() => setStep('configuration')} />
      ) : (
        <ConfigurationStep plugin={plugin} />
      )}
    </BuiltInTheme>
  )
}

interface StepProps {
  readonly plugin: PluginRecord
}

function PermissionStep({
  plugin,
  fresh,
  onConfigure,
}: StepProps & { readonly fresh: boolean; readonly onConfigure: () => void }) {
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState<'approve' | 'cancel'>()
  const [failure, setFailure] = useState<unknown>()
  const permissions = useChoices(plugin.permissions.map((each) => [each.name, each.decision]))
  const hosts = useChoices(plugin.hosts.map((each) => [each.host, each.decision]))
  const updated = plugin.permissions.some(({ decision }) => decision !== 'pending')
  const highRisk = plugin.permissions.filter(
    ({ name, risk }) => risk === 'high' && permissions.allowed.has(name),
  ).length
  const asksNetwork = plugin.permissions.some(({ name }) => name === 'network')

  const approve = async () => {
    setBusy('approve')
    setFailure(undefined)
    try {
      const record = await pluginsApi.grant(plugin.id, {
        permissions: permissions.record,
        hosts: hosts.record,
      })
      // A plugin without its settings cannot be enabled yet; saving them enables it.
      const needsSettings = record.status === 'awaiting-configuration'
      if (!needsSettings && !record.enabled) await pluginsApi.enable(plugin.id)
      await host.refresh(plugin.id)
      if (needsSettings) return onConfigure()
      announceStart(plugin.id, `${plugin.displayName} is ${fresh ? 'installed' : 'approved'}`)
      closeApproval()
    } catch (error) {
      setFailure(error)
      setBusy(undefined)
    }
  }

  const cancel = async () => {
    if (!fresh) return closeApproval()
    setBusy('cancel')
    try {
      await pluginsApi.uninstall(plugin.id)
      closeApproval()
      // The page of a plugin that is gone leads nowhere.
      if (location.pathname.startsWith(pluginPath(plugin.id))) navigate('/plugins')
      await host.refresh()
      toast(`${plugin.displayName} was not installed`)
    } catch (error) {
      toastFailure(`${plugin.displayName} is still installed`, error)
      setBusy(undefined)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeApproval()}
      title={fresh ? `Install ${plugin.displayName}?` : `What may ${plugin.displayName} do?`}
      description="Nothing of it runs before you decide. You can change every answer later."
      size="lg"
      footerNote={highRisk > 0 && `${highRisk} of them high risk`}
      footer={
        <>
          <Button disabled={busy === 'approve'} loading={busy === 'cancel'} onPress={() => void cancel()}>
            {fresh ? 'Cancel and remove' : 'Decide later'}
          </Button>
          <Button
            variant="primary"
            disabled={busy === 'cancel'}
            loading={busy === 'approve'}
            onPress={() => void approve()}
          >
            {approvalLabel(permissions.allowed.size, plugin.permissions.length, fresh)}
          </Button>
        </>
      }
    >
      <div className="c-approval">
        <PluginIdentity plugin={plugin} />
        {failure !== undefined && (
          <ErrorNotice title={`${plugin.displayName} was not approved`} error={failure} />
        )}
        <FrameNotice plugin={plugin} />
        {plugin.permissions.length === 0 ? (
          <Notice tone="success" title="Asks for no permissions">
            It cannot read or change anything of this workspace.
          </Notice>
        ) : (
          <PermissionList
            permissions={plugin.permissions}
            allowed={permissions.allowed}
            disabled={busy !== undefined}
            onChange={permissions.choose}
            note={({ decision }) =>
              updated && decision === 'pending' ? <Badge tone="accent">New in this version</Badge> : null
            }
          />
        )}
        {themesOfPlugin(plugin, 'installed').map((theme) => (
          <Fragment key={theme.key}>
            <BroughtByTheme contribution={theme.contribution} />
            <ContrastReport theme={theme} />
          </Fragment>
        ))}
        <section className="c-approval__hosts" aria-label="Hosts it may contact">
          <h3 className="c-approval__title">Hosts it may contact</h3>
          {plugin.hosts.length > 0 ? (
            <HostList
              hosts={plugin.hosts}
              allowed={hosts.allowed}
              disabled={busy !== undefined}
              onChange={hosts.choose}
            />
          ) : (
            <p className="c-muted">
              {plugin.hasServerCode && (asksNetwork || plugin.configSchema)
                ? 'None yet. If its configuration names a host, you are asked about that host then.'
                : 'None. It cannot send anything outside this host.'}
            </p>
          )}
        </section>
      </div>
    </Dialog>
  )
}

function ConfigurationStep({ plugin }: StepProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeApproval()}
      title={`Configure ${plugin.displayName}`}
      description="It starts when the required settings are there."
      size="md"
    >
      <div className="c-approval">
        <Suspense fallback={<FormSkeleton />}>
          <ConfigForm
            plugin={plugin}
            onSaved={() => {
              announceStart(plugin.id, `${plugin.displayName} is installed`)
              closeApproval()
            }}
          />
        </Suspense>
      </div>
    </Dialog>
  )
}

/** Who asks: drawn by the host from what the host knows, above everything the plugin says. */
function PluginIdentity({ plugin }: StepProps) {
  return (
    <div className="c-identity">
      <PluginIcon id={plugin.id} name={plugin.displayName} size="lg" />
      <div className="c-identity__words">
        <div className="c-identity__name">
          <bdi>{plugin.displayName}</bdi>
          <Tag>{plugin.version}</Tag>
          <Tag>{typeWord(plugin.pluginType)}</Tag>
        </div>
        <p className="c-identity__description">{plugin.description}</p>
        <dl className="c-identity__facts">
          <div>
            <dt>
              <User aria-hidden="true" /> Author
            </dt>
            <dd>{plugin.author}</dd>
          </div>
          <div>
            <dt>
              <Package aria-hidden="true" /> Source
            </dt>
            <dd>{plugin.source}</dd>
          </div>
          <div>
            <dt>
              <BadgeX aria-hidden="true" /> Signature
            </dt>
            <dd>Not signed</dd>
          </div>
        </dl>
        <p className="c-identity__runs">{whereItRuns(plugin)}</p>
      </div>
    </div>
  )
}

/** What a theme changes beside colors and sizes. */
function BroughtByTheme({
  contribution: { label, fonts, icons, branding },
}: {
  readonly contribution: ThemeContribution
}) {
  const brought = [
    ...(branding?.name ? [`the name “${branding.name}”`] : []),
    ...(branding?.logo || branding?.mark ? ['a logo'] : []),
    ...(branding?.navigation === 'top' ? ['the navigation at the top'] : []),
    ...(fonts?.length ? ['its own fonts'] : []),
    ...(icons && Object.keys(icons).length > 0 ? ['its own icons'] : []),
  ]
  if (brought.length === 0) return null
  return (
    <Notice title={`${label} brings ${joinWords(brought)}`}>
      The console shows them where the theme is chosen. Questions like this one keep their own look.
    </Notice>
  )
}

/** The shape of a form whose code is still on its way. */
function FormSkeleton() {
  return (
    <div className="c-form" aria-busy="true">
      <Skeleton width={20} />
      <Skeleton width={100} />
      <Skeleton width={20} />
      <Skeleton width={100} />
    </div>
  )
}
