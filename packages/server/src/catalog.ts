import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CatalogPlugin,
  type CatalogTheme,
  type DomainDefinition,
  describePermission,
  isPluginId,
  MortiseError,
  parseManifest,
  picturesOf,
  themesOf,
} from '@mortise/contract'
import { hostsOfManifest } from './grants.ts'
import { type PluginPackage, readPackageFolder } from './plugin-package.ts'
import { readThemeSource } from './theme-source.ts'

/** Plugins that can be installed by name: one folder each. */
export interface Catalog {
  list(isInstalled: (id: string) => boolean): Promise<CatalogPlugin[]>
  /** @throws `PLUGIN_NOT_FOUND`, and all that `readPackageFolder` throws. */
  read(name: string): Promise<PluginPackage>
  /**
   * Token files of a plugin's themes, to be looked at before they are installed.
   *
   * @throws All that `read` throws; `TOKEN_FILE_INVALID` where a file is missing or not JSON;
   * `PAYLOAD_TOO_LARGE` where they are more than anybody needs for a preview.
   */
  readThemes(name: string): Promise<CatalogTheme[]>
}

/** Characters of all token files of a plugin that are handed out before it is installed. */
const previewLength = 1_000_000

export function createCatalog(folder: string | undefined, domains: readonly DomainDefinition[]): Catalog {
  const read = async (name: string): Promise<PluginPackage> => {
    if (folder !== undefined && isPluginId(name)) {
      const entry = join(folder, name)
      // Read even when the manifest is bad, so that the person is told what is wrong with it.
      if (await hasManifest(entry)) return readPackageFolder(entry)
    }
    throw new MortiseError('PLUGIN_NOT_FOUND', `The catalog has no plugin '${name.slice(0, 64)}'.`)
  }
  return {
    read,
    readThemes: async (name) => readThemes(await read(name)),
    async list(isInstalled) {
      const names = folder === undefined ? [] : await readdir(folder).catch(() => [])
      const found = await Promise.all(names.sort().map((name) => readEntry(join(folder ?? '', name))))
      return found
        .filter((manifest) => manifest !== undefined)
        .map((manifest) => ({
          id: manifest.name,
          name: manifest.name,
          version: manifest.version,
          displayName: manifest.displayName,
          description: manifest.description,
          pluginType: manifest.type,
          author: manifest.author,
          permissions: manifest.permissions.map((permission) => describePermission(permission, domains)),
          hosts: hostsOfManifest(manifest),
          themes: themesOf(manifest),
          installed: isInstalled(manifest.name),
        }))
    },
  }
}

async function readThemes({ manifest, files }: PluginPackage): Promise<CatalogTheme[]> {
  let length = 0
  const textOf = (path: string) => {
    const bytes = files.get(path)
    length += bytes?.length ?? 0
    if (length > previewLength) {
      throw new MortiseError(
        'PAYLOAD_TOO_LARGE',
        `The token files of '${manifest.name}' have more than ${previewLength / 1e6} MB. Install it to see its themes.`,
      )
    }
    return bytes && Buffer.from(bytes).toString('utf8')
  }
  return Promise.all(
    themesOf(manifest).map(async (theme) => ({
      id: theme.id,
      source: await readThemeSource(theme.path, textOf),
      pictures: Object.fromEntries(picturesOf(theme).map((path) => [path, textOf(path) ?? ''])),
    })),
  )
}

async function readEntry(folder: string) {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined)
  const parsed = text === undefined ? undefined : parseManifest(text)
  return parsed?.ok ? parsed.value.manifest : undefined
}

async function hasManifest(folder: string): Promise<boolean> {
  const names: readonly string[] = await readdir(folder).catch(() => [])
  return names.includes('manifest.json')
}
