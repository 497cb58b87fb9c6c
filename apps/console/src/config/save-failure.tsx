import type { PluginRecord } from '@mortise/contract'
import { ErrorNotice } from '../parts/error-notice.tsx'

/** Why the configuration of a plugin was not saved. */
export function SaveFailure({ plugin, error }: { readonly plugin: PluginRecord; readonly error: unknown }) {
  return <ErrorNotice title={`The configuration of ${plugin.displayName} was not saved`} error={error} />
}
