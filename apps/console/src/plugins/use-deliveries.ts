import type { DeliveryPage, DeliveryState, ReplayBody } from '@mortise/contract'
import { useEffect, useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { patch, useQuery } from '../state/query.ts'
import { toast, toastFailure } from '../state/toasts.ts'

/** Milliseconds between looks while deliveries are waiting. */
const lookMs = 1500

/** Deliveries of a plugin, kept up to date while some of them wait. */
export function useDeliveries(plugin: string, state: DeliveryState | undefined) {
  const key = `deliveries ${plugin} ${state ?? 'all'}`
  const query = useQuery(key, () => pluginsApi.deliveries(plugin, state))
  const { data, reload } = query
  const [busy, setBusy] = useState<'older' | 'replay'>()
  const waiting = data?.waiting ?? 0

  useEffect(() => {
    // A new answer starts the wait anew; what was added with "Show older" stays until somebody reloads.
    if (waiting === 0 || !data || data.deliveries.length > 50) return
    const timer = setTimeout(reload, lookMs)
    return () => clearTimeout(timer)
  }, [data, waiting, reload])

  const showOlder = async () => {
    if (!data?.next) return
    setBusy('older')
    try {
      const older = await pluginsApi.deliveries(plugin, state, data.next)
      patch<DeliveryPage>(key, (page) => ({
        ...older,
        deliveries: [...page.deliveries, ...older.deliveries],
      }))
    } catch (error) {
      toastFailure('Older deliveries were not read', error)
    } finally {
      setBusy(undefined)
    }
  }

  const replay = async (wanted: ReplayBody) => {
    setBusy('replay')
    try {
      const { replayed } = await pluginsApi.replay(plugin, wanted)
      const what = replayed === 1 ? '1 delivery starts' : `${replayed.toLocaleString('en')} deliveries start`
      toast(replayed === 0 ? 'There was nothing to replay' : `${what} over`)
    } catch (error) {
      toastFailure('Nothing was replayed', error)
    } finally {
      setBusy(undefined)
      reload()
    }
  }

  return { ...query, busy, showOlder, replay }
}
