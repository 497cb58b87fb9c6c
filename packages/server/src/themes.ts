import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  MortiseError,
  type ThemeBranding,
  type ThemeChoice,
  type ThemeContribution,
  type ThemeFont,
  type ThemeIcons,
  type ThemeRecord,
  type ThemeSheet,
} from '@mortise/contract'
import {
  composeTheme,
  forcedColors,
  type Theme,
  type ThemeContext,
  type TokenSource,
  themeRules,
  themeStylesheet,
} from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { withFamilies } from '@mortise/tokens/map-theme'
import type { Database } from './database.ts'
import { mayRun } from './plugin-record.ts'
import type { PluginStore } from './plugin-store.ts'
import { readThemeSource } from './theme-source.ts'

/** What is chosen where nobody chose anything. */
const nothingChosen: ThemeChoice = {
  theme: null,
  mode: 'system',
  contrast: 'system',
  density: 'system',
  motion: 'system',
  brand: '',
  repaired: false,
}

/** A theme with what its package brings. */
interface Worn {
  readonly theme: Theme
  readonly fonts: readonly ThemeFont[]
  readonly branding: ThemeBranding
  /** Files of the package by the icon they are drawn for. */
  readonly icons: Readonly<Record<string, string>>
  /** What the theme says where nobody chose. */
  readonly density?: 'cosy' | 'compact' | undefined
}

/** Parts of a choice, in any form that leaves some out. */
export type ThemeChange = { readonly [K in keyof ThemeChoice]?: ThemeChoice[K] | undefined }

export interface ThemesOptions {
  readonly database: Database
  readonly store: PluginStore
  /** What the host prefers where a person chose nothing. */
  readonly appearance: ThemeChange | undefined
}

/** What each person chose to see, and what that sets. */
export class Themes {
  readonly #database: Database
  readonly #store: PluginStore
  readonly #appearance: ThemeChange
  readonly #composed = new Map<string, Promise<Worn>>()

  constructor({ database, store, appearance = {} }: ThemesOptions) {
    this.#database = database
    this.#store = store
    this.#appearance = appearance
  }

  /** The theme of a person; the host's for nobody, and the built-in one where a theme is gone or off. */
  async read(user: string | undefined): Promise<ThemeRecord> {
    const { choice, worn, base } = await this.#look(user)
    const fixed = fixedParts(choice, worn)
    return {
      ...choice,
      brands: worn.theme.brands,
      branding: worn.branding,
      fonts: worn.fonts,
      rules: themeRules(worn.theme, fixed),
      builtIn: themeRules(base.theme, fixed),
      forced: forcedColors(base.theme),
    }
  }

  /** The same as a stylesheet, for the first paint. */
  async readCss(user: string | undefined): Promise<string> {
    const { choice, worn, base } = await this.#look(user)
    const fixed = fixedParts(choice, worn)
    const fonts = worn.fonts.map(printFont).join('')
    return (
      fonts +
      themeStylesheet(worn.theme, fixed) +
      themeStylesheet(base.theme, fixed, '[data-mortise-theme=built-in]')
    )
  }

  /**
   * What a theme sets in a part of a person's page.
   *
   * @throws `NOT_FOUND` for a theme nobody brings; `PLUGIN_NOT_RUNNING` where its plugin is off.
   */
  async readScope(
    user: string,
    { theme: name, ...parts }: Omit<ThemeChange, 'repaired' | 'motion'>,
  ): Promise<ThemeSheet> {
    const worn = name ? await this.#compose(name, false) : await this.#base()
    const { choice } = await this.#look(user)
    const fixed = fixedParts(withParts(choice, parts), worn)
    return { rules: themeRules(worn.theme, fixed), fonts: worn.fonts }
  }

  /**
   * Pictures of the icons that a theme brings, as they are in its package.
   *
   * @throws `NOT_FOUND` for a theme or a version that is not there; `PLUGIN_NOT_RUNNING` where its plugin is off.
   */
  async readIcons(plugin: string, version: string, id: string): Promise<ThemeIcons> {
    if (this.#store.get(plugin).version !== version) {
      throw new MortiseError('NOT_FOUND', `The plugin '${plugin}' has another version.`)
    }
    const { icons } = await this.#compose({ plugin, id }, false)
    const folder = this.#store.folderOf(plugin, version)
    const read = Object.entries(icons).map(async ([name, path]) => [
      name,
      await readFile(join(folder, path), 'utf8'),
    ])
    return { icons: Object.fromEntries(await Promise.all(read)) }
  }

  /**
   * Changes what a person sees. Fields left out stay.
   *
   * @throws `NOT_FOUND` for a theme nobody brings; `PLUGIN_NOT_RUNNING` where its plugin is off.
   */
  async choose(user: string, change: ThemeChange): Promise<ThemeRecord> {
    const chosen = await this.#chosen(user)
    const before = withParts(withParts(nothingChosen, this.#appearance), chosen)
    const theme = change.theme === undefined ? before.theme : change.theme
    const repaired = theme !== null && (change.repaired ?? (change.theme === undefined && before.repaired))
    if (theme && (change.theme || change.repaired)) await this.#compose(theme, repaired)
    const parts: ThemeChange = { ...chosen, ...definedParts(change) }
    // Whoever only chose a mode keeps following what the host says of the theme.
    const value = JSON.stringify(
      'theme' in parts || 'repaired' in parts ? { ...parts, theme, repaired } : parts,
    )
    await this.#database
      .insertInto('mortise_user_theme')
      .values({ user, value })
      .onConflict((conflict) => conflict.column('user').doUpdateSet({ value }))
      .execute()
    return this.read(user)
  }

  /** First what the person chose, then what the host prefers. */
  async #look(user: string | undefined): Promise<{ choice: ThemeChoice; worn: Worn; base: Worn }> {
    const base = await this.#base()
    const preferred = withParts(nothingChosen, this.#appearance)
    const chosen = user === undefined ? preferred : withParts(preferred, await this.#chosen(user))
    const worn = chosen.theme && (await this.#compose(chosen.theme, chosen.repaired).catch(() => undefined))
    return worn
      ? { choice: chosen, worn, base }
      : { choice: { ...chosen, theme: null, repaired: false }, worn: base, base }
  }

  async #chosen(user: string): Promise<ThemeChange> {
    const row = await this.#database
      .selectFrom('mortise_user_theme')
      .select('value')
      .where('user', '=', user)
      .executeTakeFirst()
    return row ? JSON.parse(row.value) : {}
  }

  #base(): Promise<Worn> {
    return this.#remember('', async () => ({
      theme: composeTheme(baseSource),
      fonts: [],
      icons: {},
      branding: { navigation: 'side' },
    }))
  }

  async #compose(
    { plugin: id, id: themeId }: NonNullable<ThemeChoice['theme']>,
    repaired: boolean,
  ): Promise<Worn> {
    const plugin = this.#store.get(id)
    const contribution = plugin.entries.themes.find((candidate) => candidate.id === themeId)
    if (!contribution) throw new MortiseError('NOT_FOUND', `The plugin '${id}' has no theme '${themeId}'.`)
    if (!mayRun(plugin)) {
      throw new MortiseError('PLUGIN_NOT_RUNNING', `Enable the plugin '${id}' to use its theme.`)
    }
    return this.#remember(`${id} ${plugin.version} ${themeId} ${repaired}`, async () => {
      const folder = this.#store.folderOf(id, plugin.version)
      const source = await readThemeSource(contribution.path, (path) =>
        readFile(join(folder, path), 'utf8').catch(() => undefined),
      )
      const theme = repaired ? await repair(source) : composeTheme(baseSource, source)
      return dress(theme, id, plugin.version, contribution)
    })
  }

  #remember(key: string, make: () => Promise<Worn>): Promise<Worn> {
    const known = this.#composed.get(key)
    if (known) return known
    const made = make()
    this.#composed.set(key, made)
    made.catch(() => this.#composed.delete(key))
    return made
  }
}

async function repair(source: TokenSource): Promise<Theme> {
  const { repairTheme } = await import('@mortise/tokens/repair')
  return repairTheme(baseSource, source).theme
}

/**
 * A theme with what its package brings. Font families get names that nothing
 * else uses: under a name of the host's, a font could redraw the host's words.
 */
function dress(
  theme: Theme,
  id: string,
  version: string,
  { id: themeId, fonts = [], icons = {}, branding = {} }: ThemeContribution,
): Worn {
  const address = (path: string) =>
    `/plugin-files/${[id, version, ...path.split('/')].map(encodeURIComponent).join('/')}`
  const names = new Map(fonts.map(({ family }) => [family, `${id}/${family}`]))
  const { name, logo, mark, navigation = 'side', density } = branding
  return {
    theme: names.size > 0 ? withFamilies(theme, names) : theme,
    fonts: fonts.map(({ family, path, weight, style }) => ({
      family: names.get(family)!,
      url: address(path),
      weight: [weight].flat().join(' '),
      style,
    })),
    branding: {
      navigation,
      ...(name !== undefined && { name }),
      ...(logo !== undefined && { logo: address(logo) }),
      ...(mark !== undefined && { mark: address(mark) }),
      ...(Object.keys(icons).length > 0 && {
        icons: `/api/v1/theme/icons?${new URLSearchParams({ plugin: id, version, id: themeId })}`,
      }),
    },
    icons,
    density,
  }
}

/** Family and address hold no character that could end the text they stand in. */
function printFont({ family, url, weight, style }: ThemeFont): string {
  return `@font-face{font-family:"${family}";src:url("${url}") format("woff2");font-weight:${weight};font-style:${style};font-display:fallback}\n`
}

/** The parts that are settled, whatever the system says: chosen, or for density said by the theme. */
function fixedParts(
  { mode, contrast, density: chosen, motion, brand }: ThemeChoice,
  worn: Worn,
): Partial<ThemeContext> {
  const density = chosen === 'system' ? (worn.density ?? 'system') : chosen
  return {
    ...(mode === 'system' ? {} : { mode }),
    ...(contrast === 'system' ? {} : { contrast }),
    ...(density === 'system' ? {} : { density }),
    ...(motion === 'system' ? {} : { motion }),
    ...(brand === '' ? {} : { brand }),
  }
}

function withParts(choice: ThemeChoice, change: ThemeChange): ThemeChoice {
  return { ...choice, ...definedParts(change) }
}

function definedParts(change: ThemeChange): Partial<ThemeChoice> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
