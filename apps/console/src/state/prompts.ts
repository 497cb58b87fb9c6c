import type { DescribedPermission, PluginRecord } from '@mortise/contract'
import { create } from 'zustand'

/** A running plugin asks for permissions. */
export interface PermissionPrompt {
  readonly id: number
  readonly plugin: PluginRecord
  /** One or more. */
  readonly permissions: readonly DescribedPermission[]
  /** The plugin's own words, shown as such. */
  readonly reason: string
  /** Takes the names the person agreed to. */
  readonly answer: (agreed: readonly string[]) => void
}

interface Prompts {
  /** Oldest first; one is shown at a time. */
  readonly permissions: readonly PermissionPrompt[]
  /** Plugin whose approval sheet is open. */
  readonly approving: { readonly plugin: string; readonly fresh: boolean } | undefined
}

let nextId = 1
/** Questions of one plugin that may wait. What it asks beyond them is refused unseen. */
const waitingPerPlugin = 3

export const usePrompts = create<Prompts>(() => ({ permissions: [], approving: undefined }))

/** Asks the person at the screen and answers the names of the permissions they agreed to. */
export function askForPermissions(
  plugin: PluginRecord,
  permissions: readonly DescribedPermission[],
  reason: string,
): Promise<readonly string[]> {
  const waiting = usePrompts.getState().permissions.filter((prompt) => prompt.plugin.id === plugin.id)
  const asked = new Set(waiting.flatMap((prompt) => prompt.permissions.map(({ name }) => name)))
  const fresh = permissions.filter(({ name }) => !asked.has(name))
  if (fresh.length === 0 || waiting.length >= waitingPerPlugin) return Promise.resolve([])
  return new Promise((resolve) => {
    const id = nextId++
    const answer = (agreed: readonly string[]) => {
      usePrompts.setState(({ permissions }) => ({
        permissions: permissions.filter((prompt) => prompt.id !== id),
      }))
      resolve(agreed)
    }
    const prompt = { id, plugin, permissions: fresh, reason, answer }
    usePrompts.setState(({ permissions }) => ({ permissions: [...permissions, prompt] }))
  })
}

/** Opens the approval sheet. `fresh` says that the plugin was installed a moment ago. */
export function openApproval(plugin: string, fresh = false): void {
  usePrompts.setState({ approving: { plugin, fresh } })
}

export function closeApproval(): void {
  usePrompts.setState({ approving: undefined })
}
