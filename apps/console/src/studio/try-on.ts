import { type Theme, type ThemeContext, themeRules } from '@mortise/tokens'
import { themeApi } from '../api/plugins.ts'
import { rawAddress } from '../appearance/branding.ts'
import { host } from '../state/shell.ts'
import { endTrial, type TrialBranding, useTrial } from '../state/trial.ts'
import type { Draft, DraftBranding } from './draft.ts'
import { themeFontsOf, withDraftFonts } from './fonts.ts'

let following = false

/** Another choice of theme, here or in another window, is painted by the host and ends the trial. */
function followChoices(): void {
  if (following) return
  following = true
  host.onEvent((_cursor, { event_type, data }) => {
    const { plugin } = (data ?? {}) as { plugin?: unknown }
    const { plugins } = host.store.getState()
    const brings = plugins.some(({ id, themes }) => id === plugin && themes.length > 0)
    const changes = event_type === 'theme.changed' || (event_type.startsWith('plugin.') && brings)
    if (changes && useTrial.getState().wearing !== undefined) void endTrial()
  })
}

/** Shows a draft on the whole page and in frames, until something else is painted. Nothing is saved. */
export async function tryOn(
  { name, branding, fonts }: Pick<Draft, 'name' | 'branding' | 'fonts'>,
  theme: Theme,
  { mode, contrast, density }: ThemeContext,
): Promise<void> {
  followChoices()
  const fixed = { mode, contrast, density }
  const saved = useTrial.getState().saved ?? (await themeApi.read())
  useTrial.setState({ wearing: name, branding: brandingOf(branding), saved })
  await host.applyTheme({
    ...saved,
    ...fixed,
    brands: theme.brands,
    fonts: themeFontsOf(fonts),
    rules: themeRules(withDraftFonts(theme, fonts), fixed),
  })
}

let last: { readonly of: DraftBranding | undefined; readonly shown: TrialBranding } | undefined

/** The same for the same: what shows it is drawn anew for another. */
function brandingOf(of: DraftBranding | undefined): TrialBranding {
  if (!last || last.of !== of) {
    const { name, logo, mark, navigation = 'side', icons } = of ?? {}
    const shown = {
      navigation,
      ...(name !== undefined && { name }),
      ...(logo !== undefined && { logo: rawAddress(logo) }),
      ...(mark !== undefined && { mark: rawAddress(mark) }),
    }
    last = { of, shown: { shown, icons } }
  }
  return last.shown
}
