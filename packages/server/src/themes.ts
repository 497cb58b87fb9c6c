import { readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { MortiseError, type ThemeRecord } from '@mortise/contract'
import {
  composeTheme,
  referencedFiles,
  type Theme,
  type ThemeContext,
  type TokenSource,
  themeDeclarations,
  themeStylesheet,
} from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import type { Database } from './database.ts'
import { mayRun } from './plugin-record.ts'
import type { PluginStore } from './plugin-store.ts'

type Choice = Pick<ThemeRecord, 'theme' | 'mode' | 'contrast' | 'repaired'>

const nothingChosen: Choice = { theme: null, mode: 'system', contrast: 'system', repaired: false }

/** What each person chose to see, and the stylesheets of that. */
export class Themes {
  readonly #database: Database
  readonly #store: PluginStore
  readonly #composed = new Map<string, Promise<Theme>>()

  constructor(database: Database, store: PluginStore) {
    this.#database = database
    this.#store = store
  }

  /** The theme of a person; the built-in one for nobody, and where a chosen theme is gone or off. */
  async read(user: string | undefined): Promise<ThemeRecord> {
    const chosen = user === undefined ? nothingChosen : await this.#choice(user)
    const found = chosen.theme && (await this.#compose(chosen.theme, chosen.repaired).catch(() => undefined))
    const choice = found ? chosen : { ...chosen, theme: null, repaired: false }
    const theme = found ?? (await this.#base())
    const context = (mode: 'light' | 'dark', contrast: 'normal' | 'more') =>
      themeDeclarations(theme, { mode, contrast })
    return {
      ...choice,
      css: themeStylesheet(theme, fixedParts(choice)),
      contexts: {
        light: context('light', 'normal'),
        dark: context('dark', 'normal'),
        'light-more': context('light', 'more'),
        'dark-more': context('dark', 'more'),
      },
    }
  }

  /**
   * Changes what a person sees. Fields left out stay.
   *
   * @throws `NOT_FOUND` for a theme nobody brings; `PLUGIN_NOT_RUNNING` where its plugin is off.
   */
  async choose(
    user: string,
    change: { readonly [K in keyof Choice]?: Choice[K] | undefined },
  ): Promise<ThemeRecord> {
    const before = await this.#choice(user)
    const theme = change.theme === undefined ? before.theme : change.theme
    const repaired = change.repaired ?? (change.theme === undefined && before.repaired)
    if (theme && (change.theme || change.repaired)) await this.#compose(theme, repaired)
    const value = JSON.stringify({
      theme,
      mode: change.mode ?? before.mode,
      contrast: change.contrast ?? before.contrast,
      repaired: theme !== null && repaired,
    } satisfies Choice)
    await this.#database
      .insertInto('mortise_user_theme')
      .values({ user, value })
      .onConflict((conflict) => conflict.column('user').doUpdateSet({ value }))
      .execute()
    return this.read(user)
  }

  async #choice(user: string): Promise<Choice> {
    const row = await this.#database
      .selectFrom('mortise_user_theme')
      .select('value')
      .where('user', '=', user)
      .executeTakeFirst()
    return { ...nothingChosen, ...(row && JSON.parse(row.value)) }
  }

  #base(): Promise<Theme> {
    return this.#remember('', async () => composeTheme(baseSource))
  }

  async #compose(
    { plugin: id, id: themeId }: NonNullable<Choice['theme']>,
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

/** What a person chose, over whatever their system says. */
function fixedParts({ mode, contrast }: Choice): Partial<ThemeContext> {
  return {
    ...(mode === 'system' ? {} : { mode }),
    ...(contrast === 'system' ? {} : { contrast }),
  }
}
