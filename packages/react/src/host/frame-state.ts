import type { ErrorRecord, PluginRecord } from '@mortise/contract'
import type { Fallback, MountState } from '@mortise/host'

/** What a widget's frame shows. */
export type FrameState =
  /** `restarts` says how often in a row it had to be stopped. */
  | { readonly type: 'loading'; readonly restarts?: number }
  | { readonly type: 'running'; readonly denied: number; readonly fallback?: Fallback }
  | { readonly type: 'awaiting' }
  /** A frame that this browser does not confine, so that a person has to let it start. */
  | { readonly type: 'unconfined'; readonly error: ErrorRecord }
  | { readonly type: 'failed'; readonly error: ErrorRecord | undefined }
  /** `here` where this page stopped it, so that this page can start it again. */
  | { readonly type: 'quarantined'; readonly error: ErrorRecord | undefined; readonly here: boolean }

/** Puts what the backend says of a plugin and what the engine says of a mount into one state. */
export function frameState(plugin: PluginRecord, mount: MountState): FrameState {
  switch (plugin.status) {
    case 'quarantined':
      return { type: 'quarantined', error: plugin.lastError, here: false }
    case 'awaiting-approval':
    case 'awaiting-configuration':
      return { type: 'awaiting' }
  }
  switch (mount.status) {
    case 'failed':
      return failureState(mount.error)
    case 'running':
      return {
        type: 'running',
        denied: deniedPermissions(plugin).length,
        ...(mount.fallback && { fallback: mount.fallback }),
      }
    case 'loading':
      return { type: 'loading', ...(mount.restarts !== undefined && { restarts: mount.restarts }) }
    case 'closed':
      return { type: 'loading' }
    default:
      return mount.status satisfies never
  }
}

function failureState(error: ErrorRecord | undefined): FrameState {
  switch (error?.code) {
    case 'PLUGIN_QUARANTINED':
      return { type: 'quarantined', error, here: true }
    case 'FRAME_UNCONFINED':
      return { type: 'unconfined', error }
    default:
      return { type: 'failed', error }
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
