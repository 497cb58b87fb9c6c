import { host } from '../state/shell.ts'
import { toast, toastFailure } from '../state/toasts.ts'

/** Says how starting a plugin went, once its newest record was read. */
export function announceStart(id: string, done: string): void {
  const plugin = host.store.getState().plugins.find((each) => each.id === id)
  if (plugin?.status === 'failed') toastFailure(`${plugin.displayName} failed to start`, plugin.lastError)
  else toast(done)
}
