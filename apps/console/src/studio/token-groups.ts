import { baseTokenPaths } from '@mortise/tokens/names'

/** A heading of the token list and what stands under it. */
export interface TokenGroup {
  readonly label: string
  readonly paths: readonly string[]
}

const headings = [
  ['Surfaces', 'color.surface.'],
  ['Text', 'color.text.'],
  ['Accent', 'color.accent.'],
  ['Borders', 'color.border.'],
  ['Status', 'color.status.'],
  ['Risk', 'color.risk.'],
  ['Charts', 'color.chart.'],
  ['Type', 'font.'],
  ['Space', 'space.'],
  ['Corners', 'radius.'],
  ['Shadows', 'shadow.'],
  ['Sizes', 'size.'],
  ['Motion', 'duration.'],
  ['Motion', 'easing.'],
] as const

const words: Readonly<Record<string, string>> = {
  onAccent: 'on accent',
  solidHover: 'solid, hovered',
  lineHeight: 'line height',
}

/** All roles by heading, in the order a designer looks for them. */
export const tokenGroups: readonly TokenGroup[] = [...new Set(headings.map(([label]) => label))].map(
  (label) => ({
    label,
    paths: headings
      .filter(([name]) => name === label)
      .flatMap(([, prefix]) => baseTokenPaths.filter((path) => path.startsWith(prefix))),
  }),
)

const roles: ReadonlySet<string> = new Set(baseTokenPaths)

/** A role's name below its heading; the whole path of a token that is no role. */
export function shortName(path: string): string {
  if (!roles.has(path)) return path
  const names = path.split('.').slice(path.startsWith('color.') ? 2 : 1)
  return names.map((name) => words[name] ?? name).join(' ')
}
