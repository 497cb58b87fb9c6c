import type { Theme } from './theme.ts'
import type { Token } from './types.ts'

/** A theme with every token changed on its way out. */
export function mapTheme(theme: Theme, change: (token: Token) => Token): Theme {
  const known = new Map<ReadonlyMap<string, Token>, ReadonlyMap<string, Token>>()
  return {
    modes: theme.modes,
    brands: theme.brands,
    directions: theme.directions,
    get diagnostics() {
      return theme.diagnostics
    },
    modeFor: theme.modeFor,
    resolve(context) {
      const tokens = theme.resolve(context)
      const made = known.get(tokens) ?? new Map([...tokens].map(([path, token]) => [path, change(token)]))
      known.set(tokens, made)
      return made
    },
  }
}

/** A theme whose font families have other names, by the names its tokens have. */
export function withFamilies(theme: Theme, names: ReadonlyMap<string, string>): Theme {
  return mapTheme(theme, (token) =>
    token.type === 'fontFamily'
      ? { ...token, value: token.value.map((family) => names.get(family) ?? family) }
      : token,
  )
}
