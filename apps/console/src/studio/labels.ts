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
