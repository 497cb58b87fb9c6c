import { type ComponentType, lazy } from 'react'

const loaders: (() => Promise<unknown>)[] = []

/** Pages whose code arrives when it is needed, or by `warmPages` before that. */
export const SessionsPage = later(async () => (await import('../sessions/sessions-page.tsx')).SessionsPage)
export const UsersPage = later(async () => (await import('./users.tsx')).UsersPage)
export const TemplatesPage = later(async () => (await import('./templates.tsx')).TemplatesPage)
export const PluginsPage = later(async () => (await import('../plugins/plugins-page.tsx')).PluginsPage)
export const PluginPage = later(async () => (await import('../plugins/plugin-page.tsx')).PluginPage)
export const WebhooksPage = later(async () => (await import('../webhooks/webhooks-page.tsx')).WebhooksPage)
export const ActivityPage = later(async () => (await import('./activity.tsx')).ActivityPage)
export const AppearancePage = later(
  async () => (await import('../appearance/appearance-page.tsx')).AppearancePage,
)
export const StudioPage = later(async () => (await import('../studio/studio-page.tsx')).StudioPage)
export const TrialBar = later(async () => (await import('../layout/trial-bar.tsx')).TrialBar)
export const CommandPalette = later(
  async () => (await import('../layout/command-palette.tsx')).CommandPalette,
)
export const CommandForm = later(async () => (await import('../layout/command-form.tsx')).CommandForm)
export const ApprovalSheet = later(async () => (await import('../approval/approval-sheet.tsx')).ApprovalSheet)
/** Fetches the pages' code once the first page is quiet, so that they open at once, also without a connection. */
export function warmPages(): void {
  const warm = async () => {
    // A failure here says nothing yet: the page itself tries again and reports.
    for (const load of loaders) await load().catch(() => {})
  }
  setTimeout(() => requestIdleCallback(() => void warm()), 2000)
}

function later<P>(load: () => Promise<ComponentType<P>>) {
  loaders.push(load)
  return lazy(async () => ({ default: await load() }))
}
