import type { PluginRecord } from '@mortise/contract'
import { useCallback, useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { openApproval } from '../state/prompts.ts'
import { refresh } from '../state/query.ts'
import { host } from '../state/shell.ts'

/** Key under which the catalog is kept. */
export const catalogKey = 'catalog'

/** Installs packages and opens the approval sheet for each. One at a time. */
export function useInstall() {
  const [busy, setBusy] = useState<string>()
  const [failure, setFailure] = useState<{ readonly what: string; readonly error: unknown }>()

  const run = useCallback(async (what: string, install: () => Promise<PluginRecord>) => {
    setBusy(what)
    setFailure(undefined)
    try {
      const record = await install()
      await host.refresh()
      // Only what was never here before is removed when nobody approves it: an update keeps its data.
      openApproval(record.id, record.installedAt === record.updatedAt)
    } catch (error) {
      setFailure({ what, error })
    } finally {
      setBusy(undefined)
      void refresh(catalogKey)
    }
  }, [])

  const byName = useCallback((name: string) => run(name, () => pluginsApi.installByName(name)), [run])
  const byFile = useCallback((file: File) => run(file.name, () => pluginsApi.installFile(file)), [run])
  return { busy, failure, byName, byFile }
}
