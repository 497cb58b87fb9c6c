import type { ThemeRecord } from '@mortise/contract'
import { create } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { host } from './shell.ts'
import { toastFailure } from './toasts.ts'

interface Trial {
  /** Name of the theme that the whole console wears for a while; undefined when it wears its own. */
  readonly wearing: string | undefined
  /** What the person has chosen, to go back to. */
  readonly saved: ThemeRecord | undefined
}

/** Whether a theme is being tried on. Never saved: a reload ends it. */
export const useTrial = create<Trial>(() => ({ wearing: undefined, saved: undefined }))

/** Gives the console back the look that its person chose. */
export async function endTrial(): Promise<void> {
  useTrial.setState({ wearing: undefined, saved: undefined })
  try {
    await host.applyTheme(await themeApi.read())
  } catch (error) {
    toastFailure('Reload the page to see the console in its own theme', error)
  }
}
