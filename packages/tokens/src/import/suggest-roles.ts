import { lchOf } from '../color/convert.ts'
import { contrast } from '../contrast.ts'
import type { Mode } from '../theme.ts'
import type { Color, Token } from '../types.ts'

/** A token that a role may be meant to take, by what it looks like: its name says nothing. For a person to confirm. */
export interface Suggestion {
  readonly from: string
  readonly to: string
}

/** Most chroma of what counts as a neutral. */
const neutralChroma = 0.045

interface Wish {
  readonly role: string
  readonly neutral: boolean
  /** How well a color fits, by its contrast with the page; below 0 not at all. */
  readonly fit: (ratio: number, chroma: number) => number
}

const wishes: readonly Wish[] = [
  { role: 'color.text.default', neutral: true, fit: (ratio) => (ratio >= 7 ? ratio : -1) },
  { role: 'color.text.muted', neutral: true, fit: (ratio) => within(ratio, 4.5, 9, 6) },
  { role: 'color.text.subtle', neutral: true, fit: (ratio) => within(ratio, 3, 6, 4.6) },
  { role: 'color.border.default', neutral: true, fit: (ratio) => within(ratio, 1.15, 2.5, 1.4) },
  { role: 'color.accent.solid', neutral: false, fit: (ratio, chroma) => (ratio >= 3 ? chroma : -1) },
]

/**
 * What roles without a value may be meant to take, by lightness, chroma and contrast: the page is the neutral at the
 * end of the mode, and text, borders and the accent are what stands out from it as much as they do.
 *
 * @param tokens - All tokens of the files in one mode.
 * @param taken - Roles that have a value.
 * @param page - The color of the page where one is known.
 */
export function suggestRoles(
  tokens: ReadonlyMap<string, Token>,
  taken: ReadonlySet<string>,
  mode: Mode,
  page?: Color,
): Suggestion[] {
  const colors = [...tokens.values()].flatMap((token) =>
    token.type === 'color' && token.value.alpha === 1 && token.deprecated === false
      ? [{ path: token.path, color: token.value, ...lchOf(token.value) }]
      : [],
  )
  const neutrals = colors.filter(({ c }) => c < neutralChroma)
  const end = neutrals.toSorted((one, other) => (mode === 'dark' ? one.l - other.l : other.l - one.l))[0]
  const ground = page ?? end?.color
  if (!ground) return []
  const suggestions: Suggestion[] = []
  if (!taken.has('color.surface.page') && end) suggestions.push({ from: end.path, to: 'color.surface.page' })
  for (const { role, neutral, fit } of wishes) {
    if (taken.has(role)) continue
    const [best] = colors
      .filter(({ c }) => c < neutralChroma === neutral)
      .map(({ path, color, c }) => ({ path, score: fit(contrast(color, ground), c) }))
      .filter(({ score }) => score >= 0)
      .toSorted((one, other) => other.score - one.score)
    if (best) suggestions.push({ from: best.path, to: role })
  }
  return suggestions
}

/** How near a contrast is to what is wanted, from 0 to 1; below 0 outside the bounds. */
function within(ratio: number, least: number, most: number, wanted: number): number {
  return ratio < least || ratio > most ? -1 : 1 / (1 + Math.abs(ratio - wanted))
}
