import type { PluginRecord, ThemeContribution } from '@mortise/contract'
import { referencedFiles, type TokenSource } from '@mortise/tokens'

/** A theme of an installed plugin. */
export interface InstalledTheme {
  readonly plugin: Pick<PluginRecord, 'id' | 'version'>
  readonly contribution: ThemeContribution
}

/** The token files of an installed theme. They are data, read by the same engine that the server uses. */
export async function readThemeSource({ plugin, contribution }: InstalledTheme): Promise<TokenSource> {
  const { path } = contribution
  const document = await readJson(plugin, path)
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  const files: Record<string, unknown> = {}
  for (const reference of referencedFiles(document))
    files[reference] = await readJson(plugin, normalize(folder + reference))
  return { document, file: path, files }
}

/** Where the server has a file of an installed plugin. */
export function pluginFile({ id, version }: InstalledTheme['plugin'], file: string): string {
  return `/plugin-files/${[id, version, ...file.split('/')].map(encodeURIComponent).join('/')}`
}

async function readJson(plugin: InstalledTheme['plugin'], file: string): Promise<unknown> {
  const response = await fetch(pluginFile(plugin, file))
  if (!response.ok) throw new Error(`${file} could not be read.`)
  return response.json()
}

/** Removes the `.` parts of a path. Paths that leave the package are refused by the server. */
function normalize(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '.' && part !== '')
    .join('/')
}
