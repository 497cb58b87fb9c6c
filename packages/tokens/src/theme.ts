import { luminance } from './contrast.ts'
import { limitOf } from './limits.ts'
import { type ParsedFile, parseTokenFile, type RawToken } from './parse-file.ts'
import { printColor } from './print-value.ts'
import { resolveLayers } from './resolve.ts'
import { expandSources, modifierContexts } from './resolver.ts'
import type { Diagnostic, Token, TokenSource } from './types.ts'

export type Mode = 'light' | 'dark'

/** What a person or their system chose. */
export interface ThemeContext {
  readonly mode: Mode
  readonly contrast: 'normal' | 'more'
  readonly density: 'cosy' | 'compact'
  readonly motion: 'full' | 'reduced'
  readonly direction: 'ltr' | 'rtl'
  /** One of the theme's `brands`; anything else is the first of them. */
  readonly brand: string
}

/** The context where nobody chose anything. */
export const defaultContext: ThemeContext = {
  mode: 'light',
  contrast: 'normal',
  density: 'cosy',
  motion: 'full',
  direction: 'ltr',
  brand: '',
}

/** The base set with at most one theme over it. */
export interface Theme {
  /** Modes the theme has. With one mode, the theme looks the same whatever mode is asked for. */
  readonly modes: readonly Mode[]
  /** Contexts of the theme's `brand` modifier, the default first; empty where it has none. */
  readonly brands: readonly string[]
  /** `ltr` alone where the theme says nothing of direction. */
  readonly directions: readonly ThemeContext['direction'][]
  /** What was wrong with the theme's files, each thing once. Asking looks at every context. */
  readonly diagnostics: readonly Diagnostic[]
  /** The mode that is shown when `mode` is asked for. */
  modeFor(mode: Mode): Mode
  /** Exactly the tokens of the base set, with the theme's values where it has usable ones. */
  resolve(context?: Partial<ThemeContext>): ReadonlyMap<string, Token>
}

/**
 * Lays a theme over the base set.
 *
 * @remarks
 * A theme is a token file or a resolver document.
 *
 * A token file holds for every context. When it sets `color.surface.page` it
 * has one mode: dark where that color is dark, else light.
 *
 * A resolver document may have the modifiers of the base set: `mode` (contexts
 * `light`, `dark`, `light-more`, `dark-more`), `density` and `motion`, and of
 * its own `direction` (`ltr`, `rtl`) and `brand` (up to 8, named by letters,
 * digits and dashes).
 *
 * Whoever asks for more contrast gets the base set's high contrast colors,
 * unless the theme has a `…-more` context of its own.
 *
 * A token that the base set does not have serves as a target of aliases and
 * is not emitted. A value that is broken, of another type or outside the
 * limits of its role leaves the base value.
 *
 * @param base - Trusted: usually `baseSource` of `@mortise/tokens/base`.
 */
export function composeTheme(base: TokenSource, theme?: TokenSource): Theme {
  const parse = memo(parseLayer)
  const found = new Map<string, Diagnostic>()
  const note = (list: readonly Diagnostic[]) => {
    for (const item of list) found.set(`${item.code} ${item.file}#${item.pointer}`, item)
  }
  const axes = modifierContexts(theme?.document)
  const names = new Set(axes.get('mode'))
  const brands = (axes.get('brand') ?? []).filter((name) => /^[a-z][a-z\d-]{0,40}$/i.test(name)).slice(0, 8)
  const directions = axes.get('direction')?.includes('rtl') ? (['ltr', 'rtl'] as const) : (['ltr'] as const)
  const resolved = new Map<string, ReadonlyMap<string, Token>>()
  const modes = findModes()

  return {
    modes,
    brands,
    directions,
    get diagnostics() {
      for (const mode of modes) {
        resolve({ mode, contrast: 'more' })
        for (const brand of [undefined, ...brands]) resolve({ mode, brand })
      }
      resolve({ direction: 'rtl' })
      resolve({ density: 'compact' })
      resolve({ motion: 'reduced' })
      return [...found.values()]
    },
    modeFor,
    resolve,
  }

  function modeFor(mode: Mode): Mode {
    return modes.includes(mode) ? mode : modes[0]!
  }

  function resolve(part: Partial<ThemeContext> = {}): ReadonlyMap<string, Token> {
    const context = { ...defaultContext, ...part }
    const exact = { ...context, mode: modeFor(context.mode) }
    if (!brands.includes(exact.brand)) exact.brand = brands[0] ?? ''
    if (directions.length === 1) exact.direction = 'ltr'
    const key = Object.values(exact).join(' ')
    const known = resolved.get(key)
    if (known) return known
    const tokens = layered(exact)
    resolved.set(key, tokens)
    return tokens
  }

  function layered(context: ThemeContext): ReadonlyMap<string, Token> {
    const ground = layersOf(base, inputOf(context, undefined))
    const { tokens: baseTokens } = resolveLayers(ground)
    if (!theme) return baseTokens

    const over = layersOf(theme, inputOf(context, names), note)
    const ownContrast = names.has(`${context.mode}-more`)
    const layers = context.contrast === 'more' && !ownContrast ? over.map(withoutColors) : over
    const mine = new Set(over.flatMap((layer) => [...layer.values()]))
    const accept = (raw: RawToken, token: Token) =>
      mine.has(raw) && baseTokens.has(raw.path) ? limitOf(token, baseTokens.get(raw.path)!) : undefined
    const { tokens, diagnostics, used } = resolveLayers([...ground, ...layers], accept)
    note(diagnostics)
    for (const { path, file, pointer } of mine) {
      if (baseTokens.has(path) || used.has(path) || layers !== over) continue
      note([{ code: 'TOKEN_UNKNOWN', file, pointer, message: `The base set has no ${path}.` }])
    }
    return new Map([...baseTokens.keys()].map((path) => [path, tokens.get(path)!]))
  }

  function findModes(): readonly Mode[] {
    if (names.size > 0) {
      const own = (['light', 'dark'] as const).filter((mode) => names.has(mode) || names.has(`${mode}-more`))
      return own.length > 0 ? own : ['light', 'dark']
    }
    const page = 'color.surface.page'
    const input = inputOf(defaultContext, undefined)
    const ground = layersOf(base, input)
    const before = resolveLayers(ground).tokens.get(page)
    const after = theme && resolveLayers([...ground, ...layersOf(theme, input)]).tokens.get(page)
    if (before?.type !== 'color' || after?.type !== 'color') return ['light', 'dark']
    if (printColor(before.value) === printColor(after.value)) return ['light', 'dark']
    return luminance(after.value) < 0.18 ? ['dark'] : ['light']
  }

  function layersOf(
    source: TokenSource,
    input: Readonly<Record<string, string>>,
    onDiagnostics?: typeof note,
  ): ParsedFile['tokens'][] {
    const expanded = expandSources([source], input)
    onDiagnostics?.(expanded.diagnostics)
    return expanded.sources.map(({ document, file }) => {
      const parsed = source === base ? parseBase(document, file) : parse(document, file)
      onDiagnostics?.(parsed.diagnostics)
      return parsed.tokens
    })
  }
}

/** Context by modifier name. The two color axes share one modifier, since high contrast differs by mode. */
function inputOf(
  { mode, contrast, ...rest }: ThemeContext,
  names: ReadonlySet<string> | undefined,
): Record<string, string> {
  const strong = `${mode}-more`
  return { mode: contrast === 'more' && (!names || names.has(strong)) ? strong : mode, ...rest }
}

function withoutColors(layer: ParsedFile['tokens']): ParsedFile['tokens'] {
  return new Map([...layer].filter(([path]) => !/^(color|shadow)\./.test(path)))
}

const parseLayer = (document: unknown, file: string | undefined) => parseTokenFile({ document, file })

/** Files of the base set are the same for every theme. */
const parseBase = memo(parseLayer)

function memo<A, B, R>(make: (a: A, b: B) => R): (a: A, b: B) => R {
  const made = new Map<A, R>()
  return (a, b) => {
    const known = made.get(a)
    if (known) return known
    const result = make(a, b)
    made.set(a, result)
    return result
  }
}
