import { MortiseError } from '@mortise/contract'
import type { CallContext } from '../config.ts'

/** The plugin that calls. @throws `FORBIDDEN` where a person does. */
export function callingPlugin({ plugin }: CallContext): string {
  if (plugin) return plugin.id
  throw new MortiseError('FORBIDDEN', 'Only a plugin may call this: it works on what the plugin itself has.')
}
