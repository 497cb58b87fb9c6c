import { type Theme, type ThemeContext, themeRules } from '@mortise/tokens'
import { themeApi } from '../api/plugins.ts'
import { host } from '../state/shell.ts'
import { endTrial, useTrial } from '../state/trial.ts'

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

/** Shows a theme on the whole page and in frames, until something else is painted. Nothing is saved. */
export async function tryOn(
  name: string,
  theme: Theme,
  { mode, contrast, density }: ThemeContext,
): Promise<void> {
  followChoices()
  const fixed = { mode, contrast, density }
  const saved = useTrial.getState().saved ?? (await themeApi.read())
  useTrial.setState({ wearing: name, saved })
  await host.applyTheme({ ...saved, ...fixed, brands: theme.brands, rules: themeRules(theme, fixed) })
}
