import { composeTheme, type Declaration, themeDeclarations } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { type InstalledTheme, readThemeSource } from './theme-source.ts'

/** Custom properties of a theme in both modes, for a small picture of it. */
export interface ThemePreview {
  readonly light: readonly Declaration[]
  readonly dark: readonly Declaration[]
}

/** What a theme looks like, without applying it. Only checked values leave the token engine. */
export async function previewTheme(installed?: InstalledTheme): Promise<ThemePreview> {
  const theme = composeTheme(baseSource, installed && (await readThemeSource(installed)))
  return {
    light: themeDeclarations(theme, { mode: 'light' }),
    dark: themeDeclarations(theme, { mode: 'dark' }),
  }
}
