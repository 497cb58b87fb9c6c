import { baseTokenPaths } from '../names.ts'
import { parseTokenFile } from '../parse-file.ts'
import { maxFileLength } from '../read-source.ts'
import { isResolver, referencedFiles } from '../resolver.ts'
import type { Diagnostic, TokenSource } from '../types.ts'
import { deprecatedUses } from './deprecated-uses.ts'
import { hintFor } from './hint.ts'
import { type LocatedText, parseText } from './parse-text.ts'

/** A source whose texts are known, so that diagnostics can say line, column and hint. */
export interface LocatedSource {
  readonly source: TokenSource
  /** What is wrong with the texts themselves, and aliases that point at deprecated tokens. */
  readonly diagnostics: readonly Diagnostic[]
  /** Adds line, column and hint to diagnostics of this source, for example those of `composeTheme`. */
  locate(diagnostics: readonly Diagnostic[]): Diagnostic[]
}

/**
 * Reads a token file, or a resolver document with the files it names, as far as
 * its texts mean something: comments, trailing commas and faults cost only the
 * part around them.
 *
 * @param file - Path in the package, with `/` between folders.
 * @param textOf - Gives the text of a file of the package, undefined where there is none.
 * @throws Whatever `textOf` throws or rejects with.
 */
export async function readLocated(
  file: string,
  textOf: (path: string) => string | undefined | Promise<string | undefined>,
): Promise<LocatedSource> {
  const diagnostics: Diagnostic[] = []
  const texts = new Map<string, LocatedText>()
  const read = async (path: string, name: string): Promise<unknown> => {
    const text = await textOf(path)
    if (text === undefined) {
      const message = 'The package has no such file.'
      diagnostics.push({ code: 'TOKEN_FILE_INVALID', pointer: '', message, file: name })
      return undefined
    }
    const parsed = parseText(text.slice(0, maxFileLength + 1), name)
    texts.set(name, parsed)
    diagnostics.push(...parsed.diagnostics)
    return parsed.value
  }

  const document = await read(file, file)
  const folder = file.slice(0, file.lastIndexOf('/') + 1)
  const files = new Map<string, unknown>()
  for (const path of referencedFiles(document)) {
    const value = await read(`${folder}${path}`, path)
    if (value !== undefined) files.set(path, value)
  }
  const source = { document, file, files: Object.fromEntries(files) }
  const paths = new Set<string>(baseTokenPaths)
  const parsed = [...texts].flatMap(([name, { value }]) =>
    isResolver(value) ? [] : [parseTokenFile({ document: value, file: name }).tokens],
  )
  for (const tokens of parsed) for (const path of tokens.keys()) paths.add(path)
  diagnostics.push(...deprecatedUses(parsed))
  return { source, diagnostics: locate(diagnostics), locate }

  function locate(list: readonly Diagnostic[]): Diagnostic[] {
    return list.map((item) => {
      const text = texts.get(item.file ?? file)
      const hint = item.hint ?? hintFor(item, { document: text?.value, paths })
      const place = item.line === undefined ? text?.positionOf(item.pointer) : undefined
      return { ...item, ...place, ...(hint === undefined ? {} : { hint }) }
    })
  }
}
