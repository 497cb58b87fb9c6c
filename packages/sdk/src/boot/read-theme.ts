import type { ThemeText } from '@mortise/contract'
import type { ThemeState } from '../plugin.ts'

/** What plugins are given of the theme. Few ask for the declarations, so the text is read when somebody does. */
export function readTheme(text: ThemeText): ThemeState {
  let read: ThemeState['declarations'] | undefined
  return {
    colorScheme: text.startsWith('color-scheme: dark;') ? 'dark' : 'light',
    get declarations() {
      read ??= [...text.matchAll(/^(--[^:]+): (.*);$/gm)].map(([, name = '', value = '']) => [name, value])
      return read
    },
  }
}
