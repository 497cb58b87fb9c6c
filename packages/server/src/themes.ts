import { readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { MortiseError, type ThemeRecord } from '@mortise/contract'
import {
  composeTheme,
  type Declaration,
  referencedFiles,
  type Theme,
  type TokenSource,
  themeDeclarations,
  themeStylesheet,
} from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import type { Database } from './database.ts'
import { mayRun } from './plugin-record.ts'
import type { PluginStore } from './plugin-store.ts'

type Choice = Pick<ThemeRecord, 'theme' | 'mode' | 'contrast'>

const nothingChosen: Choice = { theme: null, mode: 'system', contrast: 'system' }

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
    const found = chosen.theme && (await this.#compose(chosen.theme).catch(() => undefined))
    const choice = found ? chosen : { ...chosen, theme: null }
    const theme = found ?? (await this.#base())
    const context = (mode: 'light' | 'dark', contrast: 'normal' | 'more') =>
      themeDeclarations(theme, { mode, contrast })
    return {
      ...choice,
      css: themeStylesheet(theme) + forcedRules(theme, choice),
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
    if (change.theme) await this.#compose(change.theme)
    const before = await this.#choice(user)
    const value = JSON.stringify({
      theme: change.theme === undefined ? before.theme : change.theme,
      mode: change.mode ?? before.mode,
      contrast: change.contrast ?? before.contrast,
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
    return row ? JSON.parse(row.value) : nothingChosen
  }

  #base(): Promise<Theme> {
    return this.#remember('', async () => composeTheme(baseSource))
  }

  async #compose({
    plugin: id,
    id: themeId,
  }: {
    readonly plugin: string
    readonly id: string
  }): Promise<Theme> {
    const plugin = this.#store.get(id)
    const contribution = plugin.entries.themes.find((candidate) => candidate.id === themeId)
    if (!contribution) throw new MortiseError('NOT_FOUND', `The plugin '${id}' has no theme '${themeId}'.`)
    if (!mayRun(plugin)) {
      throw new MortiseError('PLUGIN_NOT_RUNNING', `Enable the plugin '${id}' to use its theme.`)
    }
    return this.#remember(`${id} ${plugin.version} ${themeId}`, async () => {
      const source = await readSource(this.#store.folderOf(id, plugin.version), contribution.path)
      return composeTheme(baseSource, source)
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

/**
 * Rules that hold whatever the system says, for a mode or contrast a person chose.
 * Only what differs between contexts is in them, so density and motion still work.
 */
function forcedRules(theme: Theme, { mode, contrast }: Choice): string {
  if (mode === 'system' && contrast === 'system') return ''
  const modes = mode === 'system' ? (['light', 'dark'] as const) : ([mode] as const)
  const contrasts = contrast === 'system' ? (['normal', 'more'] as const) : ([contrast] as const)
  const all = (['light', 'dark'] as const).flatMap((m) =>
    (['normal', 'more'] as const).map((c) => themeDeclarations(theme, { mode: m, contrast: c })),
  )
  const varying = namesThatVary(all)
  const rules: string[] = []
  for (const m of modes) {
    for (const c of contrasts) {
      const conditions = [
        ...(modes.length > 1 && m === 'dark' ? ['(prefers-color-scheme: dark)'] : []),
        ...(contrasts.length > 1 && c === 'more' ? ['(prefers-contrast: more)'] : []),
      ]
      const declarations = themeDeclarations(theme, { mode: m, contrast: c }).filter(([name]) =>
        varying.has(name),
      )
      // The doubled selector outweighs every rule of the stylesheet before it.
      const rule = `:root:root:root:root{${declarations.map(([name, value]) => `${name}:${value}`).join(';')}}`
      rules.push(conditions.length > 0 ? `@media ${conditions.join(' and ')}{${rule}}` : rule)
    }
  }
  return `${rules.join('\n')}\n`
}

function namesThatVary(contexts: readonly (readonly Declaration[])[]): ReadonlySet<string> {
  const [first = [], ...rest] = contexts.map((declarations) => new Map(declarations))
  const names = new Set<string>()
  for (const other of rest) {
    for (const [name, value] of other) if (first instanceof Map && first.get(name) !== value) names.add(name)
  }
  return names
}
