import { maxFileLength, type TokenSource } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { importableFile, importTheme } from '@mortise/tokens/import'
import { strFromU8, unzipSync } from 'fflate'
import type { ImportReport } from './studio-store.ts'

/** Most files that an import looks at, and largest archive. */
const limits = { files: 200, archive: 8 * 1024 * 1024 } as const

/** What an import gives: a theme and what was wrong with its files. */
export interface ImportedFiles extends ImportReport {
  readonly name: string
  readonly source: TokenSource
}

/**
 * Reads dropped files as a theme, whatever format they have.
 *
 * @throws Where nothing in them is a theme.
 */
export async function importFiles(files: readonly File[]): Promise<ImportedFiles> {
  const {
    format,
    name,
    source,
    diagnostics,
    mapping,
    unmapped,
    suggestions = [],
  } = await importTheme(baseSource, await readTexts(files))
  const roles = new Set(mapping.map(({ to }) => to)).size
  const left = unmapped.length === 0 ? '' : `, ${unmapped.length} names have none`
  return {
    name,
    source,
    title: format,
    summary: `${roles} roles found a value${left}.`,
    diagnostics,
    unmapped,
    suggestions,
  }
}

async function readTexts(files: readonly File[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const file of files.slice(0, limits.files)) {
    if (file.size > limits.archive) throw new Error(`${file.name} is larger than 8 MiB.`)
    if (!/\.(?:zip|mortise)$/i.test(file.name)) {
      if (importableFile.test(file.name) && file.size <= maxFileLength * 4) {
        texts.set(file.name, await file.text())
      }
      continue
    }
    let count = 0
    // Sizes are those the archive claims; the library allots no more than that.
    const entries = unzipSync(new Uint8Array(await file.arrayBuffer()), {
      filter: ({ name, originalSize }) =>
        importableFile.test(name) && originalSize <= maxFileLength && ++count <= limits.files,
    })
    for (const [name, bytes] of Object.entries(entries)) texts.set(name, strFromU8(bytes))
  }
  return withoutCommonFolder(texts)
}

/** A zipped folder holds its files under the folder's name. */
function withoutCommonFolder(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const folder = /^[^/]+\//.exec([...texts.keys()][0] ?? '')?.[0]
  if (folder === undefined || ![...texts.keys()].every((name) => name.startsWith(folder))) return texts
  return new Map([...texts].map(([name, text]) => [name.slice(folder.length), text]))
}
