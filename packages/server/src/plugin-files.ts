import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type EntryInspection, federationManifestName, inspectEntry } from '@mortise/contract'

/** Paths of the files in a folder and below, with `/`. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
}

/** What is known of the UI of a stored package before it runs. */
export async function readUi(folder: string, ui: string | undefined): Promise<EntryInspection | undefined> {
  if (ui === undefined) return undefined
  const source = await readFile(join(folder, ui), 'utf8')
  const manifest = join(folder, dirname(ui), federationManifestName)
  return inspectEntry(source, await readFile(manifest, 'utf8').catch(() => undefined))
}
