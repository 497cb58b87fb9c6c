import { composeTheme, type Declaration, type Mode, themeDeclarations } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { type KnownTheme, readThemeSource } from './theme-source.ts'

/** Custom properties of a theme in each mode it has, for a small picture of it. */
export type ThemePreview = readonly {
  readonly mode: Mode
  readonly declarations: readonly Declaration[]
}[]

/** What a theme looks like, without applying it. Only checked values leave the token engine. */
export async function previewTheme(known?: KnownTheme): Promise<ThemePreview> {
  const theme = composeTheme(baseSource, known && (await readThemeSource(known)))
  return theme.modes.map((mode) => ({ mode, declarations: themeDeclarations(theme, { mode }) }))
}
