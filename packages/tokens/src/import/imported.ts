import { flatten, lchOf } from '../color/convert.ts'
import { luminance } from '../contrast.ts'
import { accentRoles, neutralRoles, riskAliases, statusRoles } from '../palette/roles.ts'
import { colorValue, type Written } from '../repair/patch-source.ts'
import type { Mode } from '../theme.ts'
import type { Color, Diagnostic, TokenSource } from '../types.ts'
import type { Suggestion } from './suggest-roles.ts'

/** A foreign name and the role that took its value. */
export interface Mapping {
  readonly from: string
  readonly to: string
  /** The mode it holds for, where the file says so. */
  readonly mode?: Mode | undefined
  /** The foreign value is bare channels (`222 84% 5%`), which its users wrap in `hsl()`. */
  readonly channels?: boolean | undefined
}

/** A foreign file as a theme. */
export interface Imported {
  readonly source: TokenSource
  readonly diagnostics: readonly Diagnostic[]
  readonly mapping: readonly Mapping[]
  /** Names whose values no role takes. */
  readonly unmapped: readonly string[]
  /** What roles without a value may be meant to take, by mode. Only design tokens have names to suggest. */
  readonly suggestions?: readonly (Suggestion & { readonly mode: Mode })[]
}

/** Foreign names by role, the first that is there wins. */
export type RoleTable = Readonly<Record<string, readonly string[]>>

/** Tokens of a theme while it is being read, for both modes or for one. */
export interface Draft {
  readonly both: Map<string, Written | Color>
  readonly light: Map<string, Written | Color>
  readonly dark: Map<string, Written | Color>
}

export function createDraft(): Draft {
  return { both: new Map(), light: new Map(), dark: new Map() }
}

/** Completes a draft and writes it as a token file, or as a resolver document where it has modes. */
export function finishDraft(draft: Draft, file: string): TokenSource {
  if (draft.light.size === 0 && draft.dark.size === 0) {
    const page = draft.both.get('color.surface.page')
    return { file, document: nest(complete(draft.both, isColor(page) && luminance(page) < 0.18)) }
  }
  const light = new Map([...draft.both, ...draft.light])
  const dark = new Map([...draft.both, ...draft.dark])
  return {
    file: `${file.replace(/(\.tokens)?\.json$/, '')}.resolver.json`,
    document: {
      version: '2025.10',
      modifiers: {
        mode: {
          contexts: { light: [nest(complete(light, false))], dark: [nest(complete(dark, true))] },
          default: 'light',
        },
      },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }],
    },
  }
}

/** Adds the roles that follow from those that are there and lays translucent colors over the page. */
export function complete(
  given: ReadonlyMap<string, Written | Color>,
  dark: boolean,
): Map<string, Written | Color> {
  const derived = new Map<string, Color>()
  const fill = (colors: Readonly<Record<string, Color>>) => {
    for (const [path, color] of Object.entries(colors)) if (!given.has(path)) derived.set(path, color)
  }
  const page = given.get('color.surface.page')
  if (isColor(page)) fill(neutralRoles(lchOf(page), dark))
  const accent = given.get('color.accent.solid')
  if (isColor(accent)) fill(accentRoles(lchOf(accent), dark))
  for (const name of ['success', 'warning', 'danger', 'info']) {
    const color = given.get(`color.status.${name}.solid`) ?? given.get(`color.status.${name}.text`)
    if (isColor(color)) fill(statusRoles(name, lchOf(color), dark))
  }
  const all = new Map<string, Written | Color>([...derived, ...given])
  for (const [path, target] of Object.entries(riskAliases)) {
    const color = all.get(target)
    if (color && !all.has(path)) all.set(path, color)
  }
  const ground = isColor(page) && page.alpha === 1 ? page : solid(dark ? 0 : 1)
  for (const [path, value] of all) {
    if (isColor(value) && value.alpha < 1 && !path.startsWith('color.border.'))
      all.set(path, flatten(value, ground))
  }
  return all
}

/** A token document out of paths. */
export function nest(tokens: ReadonlyMap<string, Written | Color>): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const [path, value] of tokens) {
    let at = document
    for (const name of path.split('.')) {
      if (!Object.hasOwn(at, name)) {
        Object.defineProperty(at, name, { value: {}, enumerable: true, configurable: true, writable: true })
      }
      at = at[name] as Record<string, unknown>
    }
    Object.assign(at, isColor(value) ? { $type: 'color', $value: colorValue(value) } : value)
  }
  return document
}

export function isColor(value: Written | Color | undefined): value is Color {
  return value !== undefined && 'space' in value
}

function solid(level: number): Color {
  return { space: 'srgb', components: [level, level, level], alpha: 1 }
}

/** Text of a text or number, `''` for all else: what JSON holds need not have a `toString`. */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
