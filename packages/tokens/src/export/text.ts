import { customProperty, themeStylesheet } from '../css.ts'
import type { Theme } from '../theme.ts'
import { colorContexts, cssValues } from './contexts.ts'

/** The stylesheet of a theme: system preferences and attributes of the root element switch its contexts. */
export function exportCss(theme: Theme): string {
  return themeStylesheet(theme)
}

/** CSS values by context and token path, as JSON. */
export function exportJson(theme: Theme): string {
  return `${JSON.stringify(valuesOf(theme), null, 2)}\n`
}

/** A TypeScript module: `tokens` has the `var(…)` of each path, `values` the CSS values by context. */
export function exportTypeScript(theme: Theme): string {
  const paths = [...theme.resolve().keys()]
  const tokens = Object.fromEntries(paths.map((path) => [path, `var(${customProperty(path)})`]))
  return [
    '/** Custom property of each token. */',
    `export const tokens = ${JSON.stringify(tokens, null, 2)} as const`,
    '',
    'export type TokenPath = keyof typeof tokens',
    '',
    '/** CSS values by context. */',
    `export const values = ${JSON.stringify(valuesOf(theme), null, 2)} as const`,
    '',
  ].join('\n')
}

/** Tailwind's namespace by the start of a path, the first that fits. */
const namespaces: readonly (readonly [prefix: string, namespace: string])[] = [
  ['color.', '--color-'],
  ['font.family.', '--font-'],
  ['font.size.', '--text-'],
  ['font.weight.', '--font-weight-'],
  ['font.lineHeight.', '--leading-'],
  ['space.', '--spacing-'],
  ['size.', '--spacing-'],
  ['radius.', '--radius-'],
  ['shadow.', '--shadow-'],
  ['easing.', '--ease-'],
]

/**
 * A Tailwind 4 theme: the stylesheet, and an `@theme` block that names its
 * custom properties (`bg-surface-page`, `text-text-muted`, `rounded-md`).
 * Tailwind has no namespace for durations.
 */
export function exportTailwind(theme: Theme): string {
  const lines = [...theme.resolve().keys()].flatMap((path) => {
    const found = namespaces.find(([prefix]) => path.startsWith(prefix))
    if (!found) return []
    const name = path
      .slice(found[0].length)
      .replaceAll('.', '-')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return [`  ${found[1]}${name}: var(${customProperty(path)});`]
  })
  return `${themeStylesheet(theme)}\n@theme inline {\n${lines.join('\n')}\n}\n`
}

function valuesOf(theme: Theme): Record<string, Record<string, string>> {
  return Object.fromEntries(
    colorContexts(theme).map(([name, context]) => [name, cssValues(theme.resolve(context))]),
  )
}
