import type { PluginRecord, ThemeChoice, ThemeRecord } from '@mortise/contract'
import { streamspace } from '@mortise/domains/streamspace'
import { createHost, createHttpBackend, type Host, probeConnectionAllowlist } from '@mortise/host'
import { useStore } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { budgets } from './budgets.ts'
import { keepPluginLog } from './plugin-logs.ts'
import { askForPermissions } from './prompts.ts'
import { patch, peek, refresh, refreshShown } from './query.ts'
import { toastFailure } from './toasts.ts'
import { keepUnconfined, readUnconfined } from './unconfined.ts'

/** Vocabularies of this console. */
export const domains = [streamspace] as const

/** The engine of this page. One for each page load; nothing runs before `startShell`. */
export const host: Host = createHost({
  domains,
  backend: createHttpBackend(),
  onPermissionRequest: askForPermissions,
  onLog: keepPluginLog,
  budgets,
  confinesFrames: probeConnectionAllowlist,
  unconfined: readUnconfined(),
})
host.store.subscribe((now, before) => {
  if (now.unconfined !== before.unconfined) keepUnconfined(now.unconfined)
})

/** Key under which the theme is kept. */
export const themeKey = 'theme'

let started: Promise<void> | undefined

/**
 * Starts the engine after sign-in. Calling it twice starts it once.
 *
 * @param after - Cursor of the newest event before the page read anything.
 */
export function startShell(after: string): Promise<void> {
  started ??= followAndStart(after)
  return started
}

function followAndStart(after: string): Promise<void> {
  host.onEvent((_cursor, event) => {
    if (event.event_type === 'theme.changed') void refresh(themeKey)
  })
  host.store.subscribe((now, before) => {
    if (now.connection === 'online' && before.connection === 'offline') refreshShown()
    const worn = peek<ThemeRecord>(themeKey)?.theme?.plugin
    const [then, since] = [before, now].map(({ plugins }) => plugins.find(({ id }) => id === worn))
    // What the theme in use brings beside its tokens goes with its plugin.
    if (then && then !== since) void refresh(themeKey)
  })
  return host.start(after)
}

/** An installed plugin. `undefined` while unknown or not installed. */
export function usePlugin(id: string): PluginRecord | undefined {
  return useStore(host.store, ({ plugins }) => plugins.find((plugin) => plugin.id === id))
}

/** Changes the appearance. The choice shows at once; the paint follows with the server's answer. */
export async function changeTheme(change: Partial<ThemeChoice>): Promise<void> {
  patch<ThemeRecord>(themeKey, (record) => ({ ...record, ...change }))
  try {
    const record = await themeApi.write(change)
    await host.applyTheme(record)
    patch<ThemeRecord>(themeKey, () => record)
  } catch (error) {
    void refresh(themeKey)
    toastFailure('The appearance was not changed', error)
  }
}
