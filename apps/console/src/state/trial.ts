import type { ThemeBranding, ThemeIcons, ThemeRecord } from '@mortise/contract'
import { create } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { host } from './shell.ts'
import { toastFailure } from './toasts.ts'

/** Branding that no server holds: pictures are `data:` addresses, icons SVG texts. Neither is clean yet. */
export interface TrialBranding {
  readonly shown: ThemeBranding
  readonly icons: ThemeIcons['icons'] | undefined
}

interface Trial {
  /** Name of the theme that the whole console wears for a while; undefined when it wears its own. */
  readonly wearing: string | undefined
  /** How that theme names and arranges the console. */
  readonly branding: TrialBranding | undefined
  /** What the person has chosen, to go back to. */
  readonly saved: ThemeRecord | undefined
}

const nothing: Trial = { wearing: undefined, branding: undefined, saved: undefined }

/** Whether a theme is being tried on. Never saved: a reload ends it. */
export const useTrial = create<Trial>(() => nothing)

/** Gives the console back the look that its person chose. */
export async function endTrial(): Promise<void> {
  useTrial.setState(nothing)
  try {
    await host.applyTheme(await themeApi.read())
  } catch (error) {
    toastFailure('Reload the page to see the console in its own theme', error)
  }
}
