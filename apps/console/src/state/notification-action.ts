import type { NotificationAction, PluginRecord } from '@mortise/contract'
import { navigate } from 'wouter/use-browser-location'
import { holds, places } from '../layout/places.ts'
import { commandOf, startCommand } from './run-command.ts'

/** What pressing a button of a notification does, `undefined` for one that leads nowhere now: it is not drawn. */
export function pressOf(
  id: string,
  action: NotificationAction,
  plugins: readonly PluginRecord[],
): (() => void) | undefined {
  if ('path' in action) {
    const isPage = places.some((place) => holds(place, action.path))
    return isPage ? () => navigate(action.path) : undefined
  }
  const command = commandOf(plugins, id, action)
  return command && (() => void startCommand(command, action.args))
}
