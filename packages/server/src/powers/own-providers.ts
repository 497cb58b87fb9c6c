import type { CallContext, ProviderTable } from '../config.ts'
import { callingPlugin } from './calling-plugin.ts'

/** What a plugin may do to itself: change its configuration, send events of its own. */
export function ownProviders(own: {
  setConfigValue(plugin: string, key: string, value: unknown, context: CallContext): Promise<void>
  emit(plugin: string, type: string, data: unknown): Promise<void>
}): ProviderTable {
  return {
    config: {
      set: (context, key: string, value: unknown) =>
        own.setConfigValue(callingPlugin(context), key, value, context),
    },
    events: {
      emit: (context, type: string, data: unknown) => own.emit(callingPlugin(context), type, data),
    },
  }
}
