import { readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { MortiseError, type ThemeChoice, type ThemeRecord, type ThemeRule } from '@mortise/contract'
import {
  composeTheme,
  forcedColors,
  referencedFiles,
  type Theme,
  type ThemeContext,
  type TokenSource,
  themeRules,
  themeStylesheet,
} from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import type { Database } from './database.ts'
import { mayRun } from './plugin-record.ts'
import type { PluginStore } from './plugin-store.ts'

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
  readonly #composed = new Map<string, Promise<Theme>>()

  constructor({ database, store, appearance = {} }: ThemesOptions) {
    this.#database = database
    this.#store = store
    this.#appearance = appearance
  }

  /** The theme of a person; the host's for nobody, and the built-in one where a theme is gone or off. */
  async read(user: string | undefined): Promise<ThemeRecord> {
    const { choice, theme, base } = await this.#look(user)
    const fixed = fixedParts(choice)
    return {
      ...choice,
      brands: theme.brands,
      rules: themeRules(theme, fixed),
      builtIn: themeRules(base, fixed),
      forced: forcedColors(base),
    }
  }

  /** The same as a stylesheet, for the first paint. */
  async readCss(user: string | undefined): Promise<string> {
    const { choice, theme, base } = await this.#look(user)
    const fixed = fixedParts(choice)
    return themeStylesheet(theme, fixed) + themeStylesheet(base, fixed, '[data-mortise-theme=built-in]')
  }

  /**
   * What a theme sets in a part of a person's page.
   *
   * @throws `NOT_FOUND` for a theme nobody brings; `PLUGIN_NOT_RUNNING` where its plugin is off.
   */
  async readScope(
    user: string,
    { theme: name, ...parts }: Omit<ThemeChange, 'repaired' | 'motion'>,
  ): Promise<readonly ThemeRule[]> {
    const theme = name ? await this.#compose(name, false) : await this.#base()
    const { choice } = await this.#look(user)
    return themeRules(theme, { ...fixedParts(choice), ...fixedParts(withParts(nothingChosen, parts)) })
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
  async #look(user: string | undefined): Promise<{ choice: ThemeChoice; theme: Theme; base: Theme }> {
    const base = await this.#base()
    const preferred = withParts(nothingChosen, this.#appearance)
    const chosen = user === undefined ? preferred : withParts(preferred, await this.#chosen(user))
    const theme = chosen.theme && (await this.#compose(chosen.theme, chosen.repaired).catch(() => undefined))
    return theme
      ? { choice: chosen, theme, base }
      : { choice: { ...chosen, theme: null, repaired: false }, theme: base, base }
  }

  async #chosen(user: string): Promise<ThemeChange> {
    const row = await this.#database
      .selectFrom('mortise_user_theme')
      .select('value')
      .where('user', '=', user)
      .executeTakeFirst()
    return row ? JSON.parse(row.value) : {}
  }

  #base(): Promise<Theme> {
    return this.#remember('', async () => composeTheme(baseSource))
  }

  async #compose(
    { plugin: id, id: themeId }: NonNullable<ThemeChoice['theme']>,
    repaired: boolean,
  ): Promise<Theme> {
    const plugin = this.#store.get(id)
    const contribution = plugin.entries.themes.find((candidate) => candidate.id === themeId)
    if (!contribution) throw new MortiseError('NOT_FOUND', `The plugin '${id}' has no theme '${themeId}'.`)
    if (!mayRun(plugin)) {
      throw new MortiseError('PLUGIN_NOT_RUNNING', `Enable the plugin '${id}' to use its theme.`)
    }
    return this.#remember(`${id} ${plugin.version} ${themeId} ${repaired}`, async () => {
      const source = await readSource(this.#store.folderOf(id, plugin.version), contribution.path)
      if (!repaired) return composeTheme(baseSource, source)
      const { repairTheme } = await import('@mortise/tokens/repair')
      return repairTheme(baseSource, source).theme
    })
  }

  #remember(key: string, make: () => Promise<Theme>): Promise<Theme> {
    const known = this.#composed.get(key)
    if (known) return known
    const made = make()
    this.#composed.set(key, made)
    made.catch(() => this.#composed.delete(key))
    return made
  }
}

async function readSource(folder: string, path: string): Promise<TokenSource> {
  const document = await readJson(folder, path)
  const files: Record<string, unknown> = {}
  for (const reference of referencedFiles(document)) {
    files[reference] = await readJson(folder, posix.join(posix.dirname(path), reference))
  }
  return { document, file: path, files }
}

async function readJson(folder: string, path: string): Promise<unknown> {
  try {
    const text = await readFile(join(folder, dirname(path), posix.basename(path)), 'utf8')
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (thrown) {
    throw new MortiseError('TOKEN_FILE_INVALID', `${path} is missing or not JSON.`, { cause: thrown })
  }
}

/** The parts that are settled, whatever the system says. */
function fixedParts({ mode, contrast, density, motion, brand }: ThemeChoice): Partial<ThemeContext> {
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
