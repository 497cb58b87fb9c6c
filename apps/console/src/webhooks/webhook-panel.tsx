import { Button, CodeText, ConfirmDialog, Notice } from '@mortise/react/host'
import { type ReactNode, useState } from 'react'
import { BacklogNotice } from '../parts/backlog-notice.tsx'
import { Details } from '../parts/details.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { FullTime } from '../parts/time.tsx'
import { toast, toastFailure } from '../state/toasts.ts'
import { AttemptList } from './attempt-list.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import { refreshWebhook, refreshWebhooks } from './use-webhooks.ts'
import { WebhookStateBadge } from './webhook-badges.tsx'
import { WebhookDialog } from './webhook-dialog.tsx'
import { type SignatureForm, type Webhook, webhooksApi } from './webhooks-api.ts'

interface WebhookPanelProps {
  /** `undefined` while webhooks are read, or where none has the id. */
  readonly webhook: Webhook | undefined
  readonly loading: boolean
  readonly onClose: () => void
}

/** One webhook beside the list: how it is set, what can be done, and what was sent. */
export function WebhookPanel({ webhook, loading, onClose }: WebhookPanelProps) {
  return (
    <SidePanel
      kind="webhook"
      title={webhook?.name}
      loading={loading}
      absent="It was deleted, or the link is not complete."
      onClose={onClose}
    >
      {webhook && (
        <>
          <div className="c-panel__body">
            {webhook.disabled_reason && (
              <Notice tone="danger" title="Stopped by itself">
                {webhook.disabled_reason} Enable it when the receiver works: the next message decides.
              </Notice>
            )}
            <BacklogNotice
              name={webhook.name}
              behindSince={webhook.behind_since}
              lost={webhook.lost}
              lostAt={webhook.lost_at}
              dismiss={(lostAt) => webhooksApi.dismissLost(webhook.id, lostAt)}
              onDismissed={() => void refreshWebhook(webhook.id)}
            />
            <Details items={facts(webhook)} />
            <Actions webhook={webhook} onDeleted={onClose} />
          </div>
          <AttemptList webhook={webhook} />
        </>
      )}
    </SidePanel>
  )
}

const formWords: Readonly<Record<SignatureForm, string>> = {
  'server-monitor': 'X-SM headers',
  'standard-webhooks': 'Standard Webhooks',
  both: 'X-SM headers and Standard Webhooks',
}

function facts(webhook: Webhook): readonly (readonly [string, ReactNode])[] {
  const { previous_secret_until: until } = webhook
  return [
    ['State', <WebhookStateBadge key="state" webhook={webhook} />],
    ['URL', <CodeText key="url">{webhook.url}</CodeText>],
    ['Events', webhook.event_types.length === 0 ? 'All' : webhook.event_types.join(', ')],
    ['Signature', formWords[webhook.signature]],
    ['Secret', webhook.secret === null ? 'None' : 'Set'],
    ...(until ? [['Old secret', <FullTime key="until" time={until} />] as const] : []),
    ...(webhook.signature === 'server-monitor'
      ? []
      : [['Public key', <CodeText key="key">{webhook.public_key}</CodeText>] as const]),
    ['Attempts', `Up to ${webhook.retry_max}, ${webhook.timeout} s each`],
  ]
}

type Action = 'test' | 'enable' | 'rotate' | 'delete'

function Actions({ webhook, onDeleted }: { readonly webhook: Webhook; readonly onDeleted: () => void }) {
  const [busy, setBusy] = useState<Action>()
  const [asking, setAsking] = useState<'edit' | 'rotate' | 'delete'>()
  const [secret, setSecret] = useState<string>()

  const run = (action: Action, work: () => Promise<void>) => async () => {
    setBusy(action)
    try {
      await work()
    } catch (error) {
      toastFailure(`${webhook.name} is unchanged`, error)
    } finally {
      setBusy(undefined)
      setAsking(undefined)
    }
  }
  const test = run('test', async () => {
    const { success, error } = await webhooksApi.test(webhook.id)
    await refreshWebhook(webhook.id)
    if (success) toast('Test delivered', webhook.name)
    else toastFailure('The test was not delivered', { code: 'FETCH_FAILED', message: error })
  })
  const enable = run('enable', async () => {
    await webhooksApi.update(webhook.id, { enabled: !webhook.enabled })
    await refreshWebhook(webhook.id)
    toast(webhook.enabled ? 'Webhook disabled' : 'Webhook enabled', webhook.name)
  })
  const rotate = run('rotate', async () => {
    const rotated = await webhooksApi.rotate(webhook.id)
    await refreshWebhook(webhook.id)
    setSecret(rotated.secret)
  })
  const remove = run('delete', async () => {
    await webhooksApi.remove(webhook.id)
    await refreshWebhooks()
    toast('Webhook deleted', webhook.name)
    onDeleted()
  })

  return (
    <div className="c-actions">
      <Button variant="primary" loading={busy === 'test'} onPress={() => void test()}>
        Send test
      </Button>
      <Button loading={busy === 'enable'} onPress={() => void enable()}>
        {webhook.enabled ? 'Disable' : 'Enable'}
      </Button>
      <Button onPress={() => setAsking('edit')}>Edit</Button>
      <Button onPress={() => setAsking('rotate')}>{webhook.secret ? 'Rotate secret' : 'Add a secret'}</Button>
      <Button onPress={() => setAsking('delete')}>Delete</Button>
      {asking === 'edit' && <WebhookDialog webhook={webhook} onClose={() => setAsking(undefined)} />}
      <ConfirmDialog
        open={asking === 'rotate'}
        onOpenChange={() => setAsking(undefined)}
        title={`Make new keys for ${webhook.name}?`}
        description="Messages are signed with the old and the new keys for a day. Give the receiver the new secret in that time."
        confirmLabel="Make new keys"
        loading={busy === 'rotate'}
        onConfirm={() => void rotate()}
      />
      <ConfirmDialog
        open={asking === 'delete'}
        onOpenChange={() => setAsking(undefined)}
        title={`Delete ${webhook.name}?`}
        description="Its log and messages that wait are deleted too. This cannot be undone."
        confirmLabel="Delete webhook"
        tone="danger"
        loading={busy === 'delete'}
        onConfirm={() => void remove()}
      />
      {secret !== undefined && (
        <SecretDialog
          secret={secret}
          name={webhook.name}
          note="The old secret signs too for a day."
          onClose={() => setSecret(undefined)}
        />
      )}
    </div>
  )
}
