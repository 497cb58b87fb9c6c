/** The theme a person sees and chooses, as the HTTP interface says it. */
import { s } from './schema.ts'

const themeName = s.strictObject({ plugin: s.string(), id: s.string() })
const themeParts = {
  mode: s.picklist(['light', 'dark', 'system']),
  contrast: s.picklist(['normal', 'more', 'system']),
  density: s.picklist(['cosy', 'compact', 'system']),
  motion: s.picklist(['full', 'reduced', 'system']),
  /** One of the theme's brands; anything else is its first. */
  brand: s.pipe(s.string(), s.maxLength(50)),
}

/** Body of `PUT /api/v1/theme`, and what a host prefers. `system` leaves a part to the theme and the system. */
export const themeBodySchema = s.strictObject({
  /** Plugin and theme id, or `null` for the built-in theme. */
  theme: s.optional(s.nullable(themeName)),
  mode: s.optional(themeParts.mode),
  contrast: s.optional(themeParts.contrast),
  density: s.optional(themeParts.density),
  motion: s.optional(themeParts.motion),
  brand: s.optional(themeParts.brand),
  /** Whether colors that are hard to read are replaced by the nearest readable ones. Choosing a theme without it says no. */
  repaired: s.optional(s.boolean()),
})

/** Query of `GET /api/v1/theme/scope`: a theme for a part of the page. Parts left out are the person's. */
export const themeScopeQuerySchema = s.strictObject({
  /** Both for a theme of a plugin, neither for the built-in theme. */
  plugin: s.optional(s.string()),
  id: s.optional(s.string()),
  mode: s.optional(themeParts.mode),
  contrast: s.optional(themeParts.contrast),
  density: s.optional(themeParts.density),
  brand: s.optional(themeParts.brand),
})

/** What can be chosen about how the page looks, each part decided. */
export interface ThemeChoice {
  /** `null` is the built-in theme. */
  readonly theme: { readonly plugin: string; readonly id: string } | null
  readonly mode: 'light' | 'dark' | 'system'
  readonly contrast: 'normal' | 'more' | 'system'
  readonly density: 'cosy' | 'compact' | 'system'
  readonly motion: 'full' | 'reduced' | 'system'
  readonly brand: string
  /** Whether the theme is shown with its contrast repaired. */
  readonly repaired: boolean
}

/** What a theme sets where all parts of `when` hold, beyond what rules with fewer parts say. */
export interface ThemeRule {
  /** Values of `mode`, `contrast`, `density`, `motion`, `direction` and `brand` by name; empty holds always. */
  readonly when: Readonly<Record<string, string>>
  /** Custom properties, and `color-scheme`. */
  readonly declarations: readonly (readonly [name: string, value: string])[]
}

/** A font that a theme brings. */
export interface ThemeFont {
  /** Not the name of the manifest, but one that no other style sheet uses. */
  readonly family: string
  /** Address on the server. */
  readonly url: string
  /** As `font-weight` of `@font-face` has it. */
  readonly weight: string
  readonly style: 'normal' | 'italic'
  /** The file itself, where a page has it already: the address is then only its name. */
  readonly data?: ArrayBuffer
}

/** How a theme names and arranges the shell. */
export interface ThemeBranding {
  readonly name?: string
  /** Addresses of SVG pictures as they are in the package: clean them before showing them. */
  readonly logo?: string
  readonly mark?: string
  /** Address of `ThemeIcons`, where the theme brings some. */
  readonly icons?: string
  readonly navigation: 'side' | 'top'
}

/** Answer of `GET /api/v1/theme/icons`: SVG texts by icon as they are in the package. Clean them before drawing them. */
export interface ThemeIcons {
  readonly icons: Readonly<Record<string, string>>
}

/** Query of `GET /api/v1/theme/icons`. */
export const themeIconsQuerySchema = s.strictObject({
  plugin: s.string(),
  /** Of the plugin that is installed: the same address never answers other icons. */
  version: s.string(),
  id: s.string(),
})

/** Answer of `GET /api/v1/theme/scope`. */
export interface ThemeSheet {
  /** Fewest conditions first. Parts that somebody chose are settled and not asked for. */
  readonly rules: readonly ThemeRule[]
  readonly fonts: readonly ThemeFont[]
}

/** Answer of `GET /api/v1/theme`: what is chosen, and what that sets. Printed by the token engine. */
export interface ThemeRecord extends ThemeChoice, ThemeSheet {
  /** Brands of the theme, its default first. */
  readonly brands: readonly string[]
  readonly branding: ThemeBranding
  /** The built-in theme in the same parts: for what no theme may change. */
  readonly builtIn: readonly ThemeRule[]
  /** Color roles where the system forces its own colors. */
  readonly forced: ThemeRule['declarations']
}
