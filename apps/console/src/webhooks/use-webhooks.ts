import { useEffect } from 'react'
import { type Query, refresh, useQuery } from '../state/query.ts'
import { type Webhook, type WebhookAttempt, webhooksApi } from './webhooks-api.ts'

const listKey = 'webhooks'
const logKey = (id: number) => `webhook ${id}`
/** Milliseconds between reads while somebody watches a log: attempts are no events of the feed. */
const watchMs = 2000

export const useWebhooks = (): Query<readonly Webhook[]> & { reload: () => void } =>
  useQuery(listKey, webhooksApi.list)

/** The attempts of one webhook, kept current while they are shown. */
export function useAttempts(id: number): Query<readonly WebhookAttempt[]> & { reload: () => void } {
  const query = useQuery(logKey(id), () => webhooksApi.deliveries(id))
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refreshWebhook(id)
    }, watchMs)
    return () => clearInterval(timer)
  }, [id])
  return query
}

/** Reads a webhook and its log anew. */
export async function refreshWebhook(id: number): Promise<void> {
  await Promise.all([refresh(listKey), refresh(logKey(id))])
}

export const refreshWebhooks = (): Promise<void> => refresh(listKey)
