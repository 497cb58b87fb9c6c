import { type CatalogTheme, type PluginRecord, picturesOf, type ThemeContribution } from '@mortise/contract'
import { readSource, type TokenSource } from '@mortise/tokens'
import { pluginsApi } from '../api/plugins.ts'

/** A theme that a plugin brings, whether it is installed or only in the catalog. */
export interface KnownTheme {
  readonly key: string
  readonly label: string
  readonly plugin: Pick<PluginRecord, 'id' | 'version' | 'displayName' | 'description' | 'author'>
  readonly contribution: ThemeContribution
  readonly place: 'installed' | 'catalog'
}

/** Themes of a plugin, each with what it takes to read it. */
export function themesOfPlugin(
  plugin: KnownTheme['plugin'] & { readonly themes: readonly ThemeContribution[] },
  place: KnownTheme['place'],
): readonly KnownTheme[] {
  return plugin.themes.map((contribution) => ({
    key: `${plugin.id}/${contribution.id}`,
    label: contribution.label,
    plugin,
    contribution,
    place,
  }))
}

/** What names the files of a theme as they are now: key of everything that is read from them. */
export function versionKey({ key, plugin, place }: KnownTheme): string {
  return `${place} ${key} ${plugin.version}`
}

/** The token files of a theme. They are data, read by the same engine that the server uses. */
export async function readThemeSource({ plugin, contribution, place }: KnownTheme): Promise<TokenSource> {
  if (place === 'catalog') {
    const themes = await catalogThemes(plugin)
    const found = themes.find(({ id }) => id === contribution.id)
    if (!found) throw new Error(`${contribution.label} is not in the catalog any more.`)
    return found.source
  }
  const { source, diagnostics } = await readSource(contribution.path, (file) => readFile(plugin, file))
  const [fault] = diagnostics
  if (fault) throw new Error(`${fault.file}: ${fault.message}`)
  return source
}

/** SVG texts that a theme brings, by their path in the package. What cannot be read is left out. */
export async function readThemePictures({
  plugin,
  contribution,
  place,
}: KnownTheme): Promise<Readonly<Record<string, string>>> {
  if (place === 'catalog') {
    const themes = await catalogThemes(plugin)
    return themes.find(({ id }) => id === contribution.id)?.pictures ?? {}
  }
  const read = picturesOf(contribution).map(async (path) => [
    path,
    await readFile(plugin, path).catch(() => undefined),
  ])
  return Object.fromEntries((await Promise.all(read)).filter(([, text]) => text !== undefined))
}

/** Where the server has a file of an installed plugin. */
export function pluginFile({ id, version }: Pick<PluginRecord, 'id' | 'version'>, file: string): string {
  return `/plugin-files/${[id, version, ...file.split('/')].map(encodeURIComponent).join('/')}`
}

async function readFile(plugin: KnownTheme['plugin'], file: string): Promise<string> {
  const response = await fetch(pluginFile(plugin, file))
  if (!response.ok) throw new Error(`${file} could not be read.`)
  return response.text()
}

const reading = new Map<string, Promise<readonly CatalogTheme[]>>()

/** All themes of a catalog plugin in one request, for whoever asks for them within it. */
function catalogThemes({ id }: KnownTheme['plugin']): Promise<readonly CatalogTheme[]> {
  const known = reading.get(id)
  if (known) return known
  const read = pluginsApi.catalogThemes(id).finally(() => reading.delete(id))
  reading.set(id, read)
  return read
}
