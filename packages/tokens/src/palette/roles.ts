/** Roles that follow from others: how surfaces, borders, accents and states are drawn from one color each. */
import { type Lch, oklch } from '../color/convert.ts'
import type { Color } from '../types.ts'

export type RoleColors = Record<string, Color>

/** Surfaces, borders and texts around a page color. */
export function neutralRoles({ l, c, h }: Lch, dark: boolean): RoleColors {
  const at = (lightness: number, chroma = c) => oklch({ l: lightness, c: chroma, h })
  // Away from the page in the direction that has room left.
  const up = (amount: number) => at(Math.min(1, l + amount))
  const ink = Math.min(0.03, c)
  return {
    'color.surface.page': at(l),
    'color.surface.base': up(dark ? 0.025 : 0.018),
    'color.surface.raised': up(dark ? 0.05 : 0.018),
    'color.surface.sunken': at(Math.max(0, l - (dark ? 0.025 : 0.02))),
    'color.surface.overlay': up(dark ? 0.075 : 0.018),
    'color.text.default': at(dark ? 0.95 : 0.24, ink),
    'color.text.muted': at(dark ? 0.77 : 0.45, ink),
    'color.text.subtle': at(dark ? 0.69 : 0.52, ink),
    'color.border.subtle': at(dark ? l + 0.075 : l - 0.055, c * 1.2),
    'color.border.default': at(dark ? l + 0.12 : l - 0.1, c * 1.4),
    'color.border.strong': at(dark ? 0.6 : 0.61, ink),
  }
}

/** The accent as fill, its hover, a soft ground, a text and the focus ring. */
export function accentRoles({ l, c, h }: Lch, dark: boolean): RoleColors {
  return {
    'color.accent.solid': oklch({ l, c, h }),
    'color.accent.solidHover': oklch({ l: l - (l > 0.3 ? 0.055 : -0.07), c, h }),
    'color.accent.soft': oklch({
      l: dark ? 0.3 : 0.955,
      c: dark ? Math.min(c, 0.07) : Math.min(c, 0.025),
      h,
    }),
    'color.accent.text': oklch({ l: dark ? 0.8 : 0.47, c: dark ? Math.min(c, 0.13) : c, h }),
    'color.text.link': oklch({ l: dark ? 0.8 : 0.47, c: dark ? Math.min(c, 0.13) : c, h }),
    'color.border.focus': oklch({ l: dark ? 0.7 : 0.56, c, h }),
  }
}

/** A state such as danger: fill, soft ground, text and edge of one hue. */
export function statusRoles(name: string, { c, h }: Lch, dark: boolean): RoleColors {
  const at = (part: string, l: number, chroma: number) => [
    `color.status.${name}.${part}`,
    oklch({ l, c: chroma, h }),
  ]
  return Object.fromEntries([
    at('solid', 0.545, c),
    at('soft', dark ? 0.28 : 0.965, dark ? Math.min(c, 0.05) : Math.min(c, 0.022)),
    at('text', dark ? 0.83 : 0.455, dark ? Math.min(c, 0.11) : c * 0.85),
    at('border', dark ? 0.42 : 0.86, dark ? Math.min(c, 0.07) : Math.min(c, 0.075)),
  ])
}

/** Risk levels look like the states they resemble. */
export const riskAliases: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ low: 'success', medium: 'warning', high: 'danger' }).flatMap(([risk, status]) =>
    ['text', 'soft', 'border'].map((part) => [
      `color.risk.${risk}.${part}`,
      `color.status.${status}.${part}`,
    ]),
  ),
)
