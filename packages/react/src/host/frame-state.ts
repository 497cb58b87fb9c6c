import type { ErrorRecord, PluginRecord } from '@mortise/contract'
import type { Fallback, MountState } from '@mortise/host'

/** What a widget's frame shows. */
export type FrameState =
  | { readonly type: 'loading' }
  | { readonly type: 'running'; readonly denied: number; readonly fallback?: Fallback }
  | { readonly type: 'awaiting' }
  | { readonly type: 'failed'; readonly error: ErrorRecord | undefined }
  | { readonly type: 'quarantined'; readonly error: ErrorRecord | undefined }

/** Puts what the backend says of a plugin and what the engine says of a mount into one state. */
export function frameState(plugin: PluginRecord, mount: MountState): FrameState {
  switch (plugin.status) {
    case 'quarantined':
      return { type: 'quarantined', error: plugin.lastError }
    case 'awaiting-approval':
    case 'awaiting-configuration':
      return { type: 'awaiting' }
  }
  switch (mount.status) {
    case 'failed':
      return { type: 'failed', error: mount.error }
    case 'running':
      return {
        type: 'running',
        denied: deniedPermissions(plugin).length,
        ...(mount.fallback && { fallback: mount.fallback }),
      }
    case 'loading':
    case 'closed':
      return { type: 'loading' }
    default:
      return mount.status satisfies never
  }
}

/** Permissions that a person said no to. */
export function deniedPermissions(plugin: PluginRecord): readonly string[] {
  return plugin.permissions.filter(({ decision }) => decision === 'denied').map(({ name }) => name)
}

/** CSS pixels reserved for a widget before it says its own height. */
export function reservedHeight(declared: number | undefined, surface: 'worker' | 'frame'): number {
  return declared ?? (surface === 'frame' ? 240 : 160)
}
