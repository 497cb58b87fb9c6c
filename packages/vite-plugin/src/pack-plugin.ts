import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findEntries, MortiseError, unwrap } from '@mortise/contract'
import { type Zippable, zipSync } from 'fflate'
import { readManifest } from './read-manifest.ts'

export interface PackedPlugin {
  readonly name: string
  readonly version: string
  /** A zip, the content of `<name>-<version>.mortise`. Equal files give equal bytes. */
  readonly bytes: Uint8Array
}

/** Folders and files that never belong to a package. Dot files are left out too. */
const excludedNames = new Set([
  'node_modules',
  'test',
  'tests',
  '__tests__',
  'coverage',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
])
const excludedFile =
  /\.(test|spec)(-d)?\.[cm]?[jt]sx?$|\.tsbuildinfo$|\.mortise$|^vite\.config\.[cm]?[jt]s$|^tsconfig.*\.json$/

/** Zip times have no zone. The first day of the format keeps the bytes the same everywhere. */
const epoch = new Date(1980, 0, 1)

/**
 * Packs the plugin in a folder: its manifest, its entries and every file beside
 * them, without dependencies, sources of a build, tests and dot files.
 *
 * @throws `MANIFEST_*`, or `ENTRYPOINT_NOT_FOUND` where the manifest names a file
 * that is not there, as before a build.
 */
export async function packPlugin(dir: string): Promise<PackedPlugin> {
  const manifest = await readManifest(dir)
  const files = await readPluginFiles(dir)
  const entries = unwrap(
    findEntries(manifest, new Set(files.keys())),
    'ENTRYPOINT_NOT_FOUND',
    'The plugin is not complete',
  )
  const zippable: Zippable = {}
  // Sources of a build stay at home, unless the manifest runs them as they are.
  const runsSources = Object.values(entries).some(
    (path) => typeof path === 'string' && path.startsWith('src/'),
  )
  for (const [path, content] of files) {
    if (path.startsWith('src/') && !runsSources) continue
    zippable[path] = [content, { mtime: epoch, os: 3, level: 9 }]
  }
  return { name: manifest.name, version: manifest.version, bytes: zipSync(zippable) }
}

/**
 * The files of a plugin folder that belong to its package, by path with `/`, in
 * order of their names.
 *
 * @throws `PACKAGE_INVALID` for a symbolic link, which could carry a file of this machine into the package.
 */
export async function readPluginFiles(dir: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  const visit = async (folder: string) => {
    const entries = await readdir(join(dir, folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || excludedNames.has(entry.name)) continue
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isSymbolicLink()) {
        throw new MortiseError(
          'PACKAGE_INVALID',
          `${path} is a symbolic link, which a package cannot hold. Replace it by the file it points to.`,
        )
      }
      if (entry.isDirectory()) await visit(path)
      else if (entry.isFile() && !excludedFile.test(entry.name))
        files.set(path, new Uint8Array(await readFile(join(dir, path))))
    }
  }
  await visit('')
  return files
}
