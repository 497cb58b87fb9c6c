/**
 * What a foreground is for: `text` is read, `graphic` carries meaning without
 * words (icons, focus rings, field borders, chart marks), `line` only divides.
 */
export type PairKind = 'text' | 'graphic' | 'line'

/** Two roles that the host's components lay over each other. */
export interface ContrastPair {
  readonly foreground: string
  readonly background: string
  readonly kind: PairKind
  /** Where it is seen. */
  readonly use: string
}

/** Least ratio by kind (WCAG 2.2 1.4.3, 1.4.6, 1.4.11), normally and when more contrast is asked for. */
export const contrastLimits: Readonly<Record<PairKind, { readonly normal: number; readonly more: number }>> =
  {
    text: { normal: 4.5, more: 7 },
    graphic: { normal: 3, more: 4.5 },
    line: { normal: 1.1, more: 3 },
  }

const surfaces = ['page', 'base', 'raised', 'sunken', 'overlay'].map((name) => `color.surface.${name}`)
const statuses = ['success', 'warning', 'danger', 'info']
const risks = ['low', 'medium', 'high']

/** Every pair of roles the host's components use. */
export const contrastPairs: readonly ContrastPair[] = [
  ...over(surfaces, 'color.text.default', 'text', 'body text, headings, table cells'),
  ...over(surfaces, 'color.text.muted', 'text', 'secondary text, labels'),
  ...over(surfaces, 'color.text.subtle', 'text', 'hints, placeholders, timestamps'),
  ...over(surfaces, 'color.text.link', 'text', 'links'),
  ...over(surfaces, 'color.accent.text', 'text', 'selected tab, quiet button'),
  ...over(['color.accent.soft'], 'color.accent.text', 'text', 'selected navigation item, badge'),
  ...over(['color.accent.soft'], 'color.text.default', 'text', 'selected row'),
  ...over(['color.accent.soft'], 'color.text.muted', 'text', 'selected row'),
  ...over(['color.accent.solid', 'color.accent.solidHover'], 'color.text.onAccent', 'text', 'primary button'),
  ...over(surfaces, 'color.accent.solid', 'graphic', 'switch, checkbox, progress'),
  ...over(surfaces, 'color.border.focus', 'graphic', 'focus ring'),
  ...over(surfaces, 'color.border.strong', 'graphic', 'field border'),
  ...over(surfaces, 'color.border.default', 'line', 'card border, divider'),
  ...statuses.flatMap((name) => {
    const status = `color.status.${name}`
    return [
      ...over([...surfaces, `${status}.soft`], `${status}.text`, 'text', `${name} message, badge`),
      ...over([`${status}.soft`], 'color.text.default', 'text', `${name} banner`),
      ...over([`${status}.soft`], 'color.text.muted', 'text', `${name} banner`),
      ...over([`${status}.solid`], 'color.text.onAccent', 'text', `${name} button`),
      ...over(surfaces, `${status}.solid`, 'graphic', `${name} dot, icon`),
      ...over([`${status}.soft`], `${status}.border`, 'line', `${name} banner edge`),
    ]
  }),
  ...risks.flatMap((name) => {
    const risk = `color.risk.${name}`
    return [
      ...over([...surfaces, `${risk}.soft`], `${risk}.text`, 'text', `${name} risk permission`),
      ...over([`${risk}.soft`], 'color.text.default', 'text', `${name} risk permission`),
      ...over([`${risk}.soft`], `${risk}.border`, 'line', `${name} risk group edge`),
    ]
  }),
  ...['1', '2', '3', '4', '5', '6'].flatMap((name) =>
    over(surfaces.slice(0, 3), `color.chart.${name}`, 'graphic', 'chart mark'),
  ),
]

function over(
  backgrounds: readonly string[],
  foreground: string,
  kind: PairKind,
  use: string,
): ContrastPair[] {
  return backgrounds.map((background) => ({ foreground, background, kind, use }))
}
