import { useState } from 'react'
import { toast, toastFailure } from '../state/toasts.ts'
import { refreshWebhook } from './use-webhooks.ts'
import { type Webhook, type WebhookReplay, webhooksApi } from './webhooks-api.ts'

/** Sends messages of a webhook again, and says what came of it. */
export function useReplay(webhook: Webhook) {
  const [busy, setBusy] = useState(false)
  const replay = async (wanted: WebhookReplay) => {
    setBusy(true)
    try {
      const { replayed } = await webhooksApi.replay(webhook.id, wanted)
      const what = replayed === 1 ? '1 message is' : `${replayed.toLocaleString('en')} messages are`
      const when = webhook.enabled ? '' : 'They wait until the webhook is enabled.'
      toast(replayed === 0 ? 'There was nothing to send again' : `${what} sent again`, when || undefined)
      await refreshWebhook(webhook.id)
    } catch (error) {
      toastFailure('Nothing was sent again', error)
    } finally {
      setBusy(false)
    }
  }
  return { busy, replay }
}
