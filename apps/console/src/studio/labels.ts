import type { Preset } from '@mortise/tokens/palette'
import type { ContextName } from './draft.ts'
import type { Vision } from './studio-store.ts'

/** Words for the contexts of the `mode` modifier. */
export const contextLabels: Readonly<Record<ContextName, string>> = {
  light: 'Light',
  dark: 'Dark',
  'light-more': 'Light, more contrast',
  'dark-more': 'Dark, more contrast',
}

const otherLabels: Readonly<Record<string, string>> = {
  'density:cosy': 'Cosy',
  'density:compact': 'Compact',
  'motion:full': 'Full motion',
  'motion:reduced': 'Less motion',
  'direction:ltr': 'Left to right',
  'direction:rtl': 'Right to left',
}

/** Words for where a value goes: a context of the `mode` modifier, or one of another modifier, as `brand:acme`. */
export function labelOf(context: string): string {
  return (
    (contextLabels as Readonly<Record<string, string>>)[context] ??
    otherLabels[context] ??
    `Brand ${context.slice(context.indexOf(':') + 1)}`
  )
}

/** Words for the kinds of color vision. */
export const visionLabels: Readonly<Record<Vision, string>> = {
  full: 'Full vision',
  protan: 'Red weak',
  deutan: 'Green weak',
  tritan: 'Blue weak',
}

/** Words for the accessibility layers. */
export const presetLabels: Readonly<Record<Preset, string>> = {
  'high-contrast': 'High contrast',
  'large-type': 'Large type',
  'dyslexia-friendly': 'Dyslexia friendly',
  'color-blind-safe': 'Color-blind safe',
}
