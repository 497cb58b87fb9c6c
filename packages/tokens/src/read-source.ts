import { referencedFiles } from './resolver.ts'
import type { Diagnostic, TokenSource } from './types.ts'

/** Largest token file, in UTF-16 units of its text. */
export const maxFileLength = 1024 * 1024

/**
 * Reads a token file, or a resolver document with the files it names, out of a package.
 *
 * @param file - Path in the package, with `/` between folders.
 * @param textOf - Gives the text of a file of the package, undefined where there is none.
 * @throws Whatever `textOf` throws or rejects with.
 */
export async function readSource(
  file: string,
  textOf: (path: string) => string | undefined | Promise<string | undefined>,
): Promise<{ readonly source: TokenSource; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = []
  const parse = async (path: string): Promise<unknown> => {
    const text = await textOf(path)
    const refuse = (message: string) =>
      void diagnostics.push({ code: 'TOKEN_FILE_INVALID', pointer: '', message, file: path })
    if (text === undefined) return refuse('The package has no such file.')
    if (text.length > maxFileLength) return refuse('The file is larger than 1 MiB.')
    try {
      return JSON.parse(text.replace(/^\uFEFF/, ''))
    } catch {
      return refuse('The file is not JSON.')
    }
  }

  const document = await parse(file)
  const folder = file.slice(0, file.lastIndexOf('/') + 1)
  const files = new Map<string, unknown>()
  for (const path of referencedFiles(document)) {
    const parsed = await parse(`${folder}${path}`)
    if (parsed !== undefined) files.set(path, parsed)
  }
  return { source: { document, file, files: Object.fromEntries(files) }, diagnostics }
}
