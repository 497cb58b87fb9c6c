import type { CommandState, PluginRecord } from '@mortise/contract'
import { pluginsApi } from '../api/plugins.ts'
import { toastFailure, toasts } from './toasts.ts'

/** Commands that can be run now, with the plugin each belongs to. */
export function commandsOf(
  plugins: readonly PluginRecord[],
): readonly { readonly plugin: PluginRecord; readonly command: CommandState }[] {
  return plugins
    .filter(({ status }) => status === 'active')
    .filter(({ permissions }) =>
      permissions.some(({ name, decision }) => name === 'commands' && decision === 'granted'),
    )
    .flatMap((plugin) => plugin.commands.map((command) => ({ plugin, command })))
}

/** Runs a command and shows its result or its error as text, headed with the name of the plugin. */
export async function runCommand(plugin: PluginRecord, { name, title }: CommandState): Promise<void> {
  const heading = `${plugin.displayName}: ${title}`
  try {
    const result = await pluginsApi.runCommand(plugin.id, name)
    toasts.show({ title: heading, description: result ?? 'Done', tone: 'success' })
  } catch (error) {
    toastFailure(`${heading} failed`, error)
  }
}
