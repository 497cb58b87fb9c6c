import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CatalogPlugin,
  type DomainDefinition,
  describePermission,
  isPluginId,
  MortiseError,
  parseManifest,
} from '@mortise/contract'
import { hostsOfManifest } from './grants.ts'
import { type PluginPackage, readPackageFolder } from './plugin-package.ts'

/** Plugins that can be installed by name: one folder each. */
export interface Catalog {
  list(isInstalled: (id: string) => boolean): Promise<CatalogPlugin[]>
  /** @throws `PLUGIN_NOT_FOUND`, and all that `readPackageFolder` throws. */
  read(name: string): Promise<PluginPackage>
}

export function createCatalog(folder: string | undefined, domains: readonly DomainDefinition[]): Catalog {
  return {
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
          installed: isInstalled(manifest.name),
        }))
    },
    async read(name) {
      if (folder !== undefined && isPluginId(name)) {
        const entry = join(folder, name)
        // Read even when the manifest is bad, so that the person is told what is wrong with it.
        if (await hasManifest(entry)) return readPackageFolder(entry)
      }
      throw new MortiseError('PLUGIN_NOT_FOUND', `The catalog has no plugin '${name.slice(0, 64)}'.`)
    },
  }
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
