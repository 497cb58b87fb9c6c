import type { LogLine } from '@mortise/host'
import { pluginsApi } from '../api/plugins.ts'

const pauseMs = 500
/** Lines of one request, which is also what is kept while it waits. */
const most = 100

const waiting = new Map<string, LogLine[]>()

/**
 * Sends what plugins log in this page to the backend, where the Logs tab and the
 * command line read it. A plugin that logs faster than lines are sent loses the
 * oldest ones; one that cannot be sent is left out.
 */
export function keepPluginLog(plugin: string, line: LogLine): void {
  const lines = waiting.get(plugin)
  if (lines) {
    lines.push(line)
    if (lines.length > most) lines.shift()
    return
  }
  waiting.set(plugin, [line])
  setTimeout(() => {
    const batch = waiting.get(plugin) ?? []
    waiting.delete(plugin)
    pluginsApi.addLogs(plugin, batch).catch(() => {})
  }, pauseMs)
}
