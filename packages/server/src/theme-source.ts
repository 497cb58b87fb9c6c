import { MortiseError } from '@mortise/contract'
import { readSource } from '@mortise/tokens'

/** The token files of a theme, as `TokenSource` of the token engine. */
export interface ThemeSource {
  readonly document: unknown
  readonly file: string
  readonly files: Readonly<Record<string, unknown>>
}

/**
 * Reads the token files of a theme out of its package.
 *
 * @param textOf - Gives the text of a file of the package, undefined where there is none.
 * @throws `TOKEN_FILE_INVALID` where a file is missing or not JSON; whatever `textOf` throws.
 */
export async function readThemeSource(
  path: string,
  textOf: (file: string) => string | undefined | Promise<string | undefined>,
): Promise<ThemeSource> {
  const { source, diagnostics } = await readSource(path, textOf)
  const [fault] = diagnostics
  if (fault) throw new MortiseError('TOKEN_FILE_INVALID', `${fault.file ?? path}: ${fault.message}`)
  return { document: source.document, file: path, files: source.files ?? {} }
}
