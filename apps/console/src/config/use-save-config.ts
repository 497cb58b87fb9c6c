import type { PluginRecord } from '@mortise/contract'
import { useCallback, useState } from 'react'
import { RequestError } from '../api/client.ts'
import { pluginsApi } from '../api/plugins.ts'
import { host } from '../state/shell.ts'
import { toast } from '../state/toasts.ts'

/** Saves a configuration, and finds out which hosts a person must approve first. */
export function useSaveConfig(plugin: PluginRecord, onSaved: (() => void) | undefined) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<RequestError>()
  const [hosts, setHosts] = useState<readonly string[]>()

  const save = useCallback(
    async (
      config: Record<string, unknown>,
      approveHosts: readonly string[] = [],
    ): Promise<'saved' | 'hosts' | 'invalid'> => {
      setBusy(true)
      setFailure(undefined)
      try {
        const record = await pluginsApi.configure(plugin.id, config, approveHosts)
        // Nobody turned it off: it only waited for these settings.
        if (plugin.status === 'awaiting-configuration' && !record.enabled) await pluginsApi.enable(plugin.id)
        setHosts(undefined)
        await host.refresh(plugin.id)
        if (onSaved) onSaved()
        else toast(`${plugin.displayName} is configured`)
        return 'saved'
      } catch (thrown) {
        const error =
          thrown instanceof RequestError ? thrown : new RequestError(0, { message: String(thrown) })
        const needed = hostsOf(error)
        setHosts(needed)
        if (needed) return 'hosts'
        setFailure(error)
        return 'invalid'
      } finally {
        setBusy(false)
      }
    },
    [plugin.id, plugin.status, plugin.displayName, onSaved],
  )

  /** Takes back the last answer, because the values changed since. */
  const forget = useCallback(() => {
    setFailure(undefined)
    setHosts(undefined)
  }, [])

  return { busy, failure, hosts, save, forget }
}

/** What the form's button does. */
export function saveLabel(plugin: PluginRecord): string {
  return plugin.status === 'awaiting-configuration' ? 'Save and start' : 'Save configuration'
}

function hostsOf(error: RequestError): readonly string[] | undefined {
  if (error.code !== 'PLUGIN_HOST_APPROVAL_REQUIRED') return undefined
  const { hosts } = (error.data ?? {}) as { hosts?: unknown }
  return Array.isArray(hosts) ? hosts.map(String) : undefined
}
