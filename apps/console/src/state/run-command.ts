import type { CommandState, CommandValues, NotificationAction, PluginRecord } from '@mortise/contract'
import { create } from 'zustand'
import { pluginsApi } from '../api/plugins.ts'
import { toastFailure, toasts } from './toasts.ts'

/** A command of a plugin. Its title is the plugin's own word. */
export interface PluginCommand {
  readonly plugin: PluginRecord
  readonly command: CommandState
}

/** The command whose arguments a person is asked for. */
export const useAskedCommand = create<{ readonly asked: PluginCommand | undefined }>(() => ({
  asked: undefined,
}))

/** Commands that can be run now, with the plugin each belongs to. */
export function commandsOf(plugins: readonly PluginRecord[]): readonly PluginCommand[] {
  return plugins
    .filter(({ status }) => status === 'active')
    .filter(({ permissions }) =>
      permissions.some(({ name, decision }) => name === 'commands' && decision === 'granted'),
    )
    .flatMap((plugin) => plugin.commands.map((command) => ({ plugin, command })))
}

/** The command that a button of a notification runs, `undefined` where it cannot be run now. */
export function commandOf(
  plugins: readonly PluginRecord[],
  id: string,
  action: Extract<NotificationAction, { command: string }>,
): PluginCommand | undefined {
  return commandsOf(plugins).find(
    ({ plugin, command }) => plugin.id === id && command.name === action.command,
  )
}

/** Runs a command, after asking for its arguments where it has some. */
export async function startCommand(wanted: PluginCommand, values?: CommandValues): Promise<void> {
  if (values === undefined && wanted.command.args.length > 0) {
    useAskedCommand.setState({ asked: wanted })
    return
  }
  await runCommand(wanted, values ?? {}).catch((error) => toastFailure(`${headingOf(wanted)} failed`, error))
}

/** Runs a command and shows its result as text, headed with the name of the plugin. */
export async function runCommand(wanted: PluginCommand, values: CommandValues): Promise<void> {
  const result = await pluginsApi.runCommand(wanted.plugin.id, wanted.command.name, values)
  toasts.show({ title: headingOf(wanted), description: result ?? 'Done', tone: 'success' })
}

export function closeAskedCommand(): void {
  useAskedCommand.setState({ asked: undefined })
}

function headingOf({ plugin, command }: PluginCommand): string {
  return `${plugin.displayName}: ${command.title}`
}
