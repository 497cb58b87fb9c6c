import type { DescribedPermission, PluginRecord } from '@mortise/contract'
import { create } from 'zustand'

/** A running plugin asks for a permission. */
export interface PermissionPrompt {
  readonly id: number
  readonly plugin: PluginRecord
  readonly permission: DescribedPermission
  /** The plugin's own words, shown as such. */
  readonly reason: string
  readonly answer: (agreed: boolean) => void
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

/** Asks the person at the screen and answers whether they agreed. */
export function askForPermission(
  plugin: PluginRecord,
  permission: DescribedPermission,
  reason: string,
): Promise<boolean> {
  const waiting = usePrompts.getState().permissions.filter((prompt) => prompt.plugin.id === plugin.id)
  const asked = waiting.some((prompt) => prompt.permission.name === permission.name)
  if (asked || waiting.length >= waitingPerPlugin) return Promise.resolve(false)
  return new Promise((resolve) => {
    const id = nextId++
    const answer = (agreed: boolean) => {
      usePrompts.setState(({ permissions }) => ({
        permissions: permissions.filter((prompt) => prompt.id !== id),
      }))
      resolve(agreed)
    }
    const prompt = { id, plugin, permission, reason, answer }
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
