import { customProperty, toDeclarations } from '../css.ts'
import type { Theme, ThemeContext } from '../theme.ts'
import type { Token } from '../types.ts'

/** Name and choice of each color context a theme has: `light`, `light-more`, `dark`, `dark-more`. */
export function colorContexts(theme: Theme): (readonly [name: string, context: Partial<ThemeContext>])[] {
  return theme.modes.flatMap((mode) => [
    [mode, { mode, contrast: 'normal' }] as const,
    [`${mode}-more`, { mode, contrast: 'more' }] as const,
  ])
}

/** CSS values by token path; parts of composite values have a path of their own (`font.heading-fontSize`). */
export function cssValues(tokens: ReadonlyMap<string, Token>): Record<string, string> {
  const paths = new Map([...tokens.keys()].map((path) => [customProperty(path), path]))
  return Object.fromEntries(
    toDeclarations(tokens).map(([name, value]) => [paths.get(name) ?? name.replace(/^--m-/, ''), value]),
  )
}
