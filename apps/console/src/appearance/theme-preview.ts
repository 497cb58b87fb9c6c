import type { PluginRecord, ThemeContribution } from '@mortise/contract'
import { composeTheme, type Declaration, referencedFiles, themeDeclarations } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'

/** Custom properties of a theme in both modes, for a small picture of it. */
export interface ThemePreview {
  readonly light: readonly Declaration[]
  readonly dark: readonly Declaration[]
}

/**
 * What a theme looks like, without applying it. Token files are data: they are
 * read by the same engine that the server uses, and only checked values leave it.
 */
export async function previewTheme(
  plugin?: PluginRecord,
  contribution?: ThemeContribution,
): Promise<ThemePreview> {
  const theme = composeTheme(baseSource, plugin && contribution && (await readSource(plugin, contribution)))
  return {
    light: themeDeclarations(theme, { mode: 'light' }),
    dark: themeDeclarations(theme, { mode: 'dark' }),
  }
}

async function readSource({ id, version }: PluginRecord, { path }: ThemeContribution) {
  const read = async (file: string): Promise<unknown> => {
    const address = `/plugin-files/${[id, version, ...file.split('/')].map(encodeURIComponent).join('/')}`
    const response = await fetch(address)
    if (!response.ok) throw new Error(`${file} could not be read.`)
    return response.json()
  }
  const document = await read(path)
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  const files: Record<string, unknown> = {}
  for (const reference of referencedFiles(document))
    files[reference] = await read(normalize(folder + reference))
  return { document, file: path, files }
}

/** Removes the `.` parts of a path. Paths that leave the package are refused by the server. */
function normalize(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '.' && part !== '')
    .join('/')
}
