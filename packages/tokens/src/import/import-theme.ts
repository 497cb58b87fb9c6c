import { MortiseError } from '@mortise/contract'
import { parseText } from '../diagnose/parse-text.ts'
import { isObject, own } from '../parse-file.ts'
import { isResolver } from '../resolver.ts'
import { composeTheme } from '../theme.ts'
import type { Diagnostic, TokenSource } from '../types.ts'
import { importCssVariables } from './css-variables.ts'
import { importDesignTokens } from './design-tokens.ts'
import type { Imported } from './imported.ts'
import { readScriptObject } from './script-object.ts'
import { importStreamspace } from './streamspace.ts'
import { importTokensStudio } from './tokens-studio.ts'
import { importVscode, type VscodeImportOptions } from './vscode.ts'

/** A theme out of files of some format. */
export interface ImportedTheme extends Imported {
  /** What the files are, for people. */
  readonly format: string
  /** A name for the theme, from that of its file. */
  readonly name: string
}

/** Names of files that an import looks at. */
export const importableFile = /\.(?:json|jsonc|tokens|css|[cm]?js)$/i

/**
 * Files as a theme, whatever format they have: design tokens (DTCG, also one
 * file for each mode), a theme package, Tokens Studio, VS Code, StreamSpace, or
 * a style sheet with custom properties.
 *
 * @param base - Trusted: usually `baseSource` of `@mortise/tokens/base`.
 * @param files - Texts by path, as a person chose them.
 * @param include - Gives the text of a file that a VS Code theme includes; looks among `files` by default.
 * @throws `TOKEN_FILE_INVALID` where nothing in them is a theme.
 */
export async function importTheme(
  base: TokenSource,
  files: ReadonlyMap<string, string>,
  include: NonNullable<VscodeImportOptions['include']> = (path) => files.get(path.replace(/^\.\//, '')),
): Promise<ImportedTheme> {
  const texts = new Map([...files].filter(([name]) => importableFile.test(name)))
  const parsed = new Map<string, unknown>()
  for (const [name, text] of texts) if (isJson(name)) parsed.set(name, parseText(text, name).value)
  const named = themeOfManifest(parsed.get('manifest.json'), texts)
  const resolver = named ?? [...parsed].find(([, value]) => isResolver(value))?.[0]
  const tokens = [...parsed].filter(([, value]) => isTokens(value)).map(([name]) => name)
  const others = [...texts.keys()].filter((name) => name !== 'manifest.json' && !tokens.includes(name))
  if (resolver !== undefined)
    return finish('Design tokens (DTCG)', resolver, await importDesignTokens(base, texts, resolver))
  if (tokens.length > 1) {
    const chosen = new Map(tokens.map((name) => [name, texts.get(name)!]))
    const label = tokens.find((name) => !/light|dark|day|night/i.test(name)) ?? 'Imported theme'
    return finish('Design tokens (DTCG)', label, await importDesignTokens(base, chosen))
  }
  const [first = others[0]] = tokens
  if (first === undefined) {
    throw new MortiseError(
      'TOKEN_FILE_INVALID',
      'None of the files is a token file, a theme, a style sheet or a package of one.',
    )
  }
  return importOne(base, first, texts, parsed.get(first), include)
}

async function importOne(
  base: TokenSource,
  file: string,
  texts: ReadonlyMap<string, string>,
  value: unknown,
  include: VscodeImportOptions['include'],
): Promise<ImportedTheme> {
  const text = texts.get(file)!
  if (file.endsWith('.css')) return foreign('CSS variables', file, importCssVariables(text, { file }))
  if (/\.[cm]?js$/.test(file)) {
    const script = readScriptObject(text, file)
    const imported = importStreamspace(unwrapped(script.value), file)
    return foreign('StreamSpace theme', file, {
      ...imported,
      diagnostics: [...script.diagnostics, ...imported.diagnostics],
    })
  }
  const top = isObject(value) ? value : {}
  if (own(top, 'type') === 'theme' || (isObject(own(top, 'colors')) && isObject(own(top, 'typography')))) {
    return foreign('StreamSpace theme', file, importStreamspace(value, file))
  }
  const colors = own(top, 'colors')
  const workbench = Object.entries(isObject(colors) ? colors : {}).some(
    ([name, color]) => name.includes('.') && typeof color === 'string',
  )
  if (workbench || Object.hasOwn(top, 'tokenColors') || Object.hasOwn(top, 'include')) {
    return foreign('VS Code theme', file, await importVscode(text, { file, include }))
  }
  if (isTokens(value))
    return finish('Design tokens (DTCG)', file, await importDesignTokens(base, texts, file))
  return foreign('Tokens Studio file', file, importTokensStudio(text, file))

  function foreign(format: string, name: string, imported: Imported): ImportedTheme {
    if (imported.mapping.length === 0) throw nothingIn(format, name, imported.diagnostics)
    const more = composeTheme(base, imported.source).diagnostics.filter(
      ({ code }) => code !== 'TOKEN_UNKNOWN',
    )
    return finish(format, name, { ...imported, diagnostics: [...imported.diagnostics, ...more] })
  }
}

function nothingIn(format: string, file: string, [first]: readonly Diagnostic[]): MortiseError {
  const why = first ? ` ${first.line === undefined ? '' : `Line ${first.line}: `}${first.message}` : ''
  return new MortiseError(
    'TOKEN_FILE_INVALID',
    `${file} reads as a ${format}, but no name in it has a role here.${why}`,
  )
}

function finish(format: string, file: string, imported: Imported): ImportedTheme {
  return { ...imported, format, name: labelOf(file) }
}

/** The path of the first theme that the manifest of a package names. */
function themeOfManifest(manifest: unknown, texts: ReadonlyMap<string, string>): string | undefined {
  const contributes = isObject(manifest) ? own(manifest, 'contributes') : undefined
  const themes = isObject(contributes) ? own(contributes, 'themes') : undefined
  const first: unknown = Array.isArray(themes) ? themes[0] : undefined
  const path = isObject(first) ? own(first, 'path') : undefined
  return typeof path === 'string' && texts.has(path) ? path : undefined
}

/** `{ default: … }` and `{ theme: … }` of a module, without the wrapping. */
function unwrapped(value: unknown): unknown {
  const inner = isObject(value) ? own(value, 'default') : undefined
  return isObject(inner) ? inner : value
}

function isJson(name: string): boolean {
  return /\.(?:json|jsonc|tokens)$/i.test(name)
}

/** Whether a document is a token file of the format, and no file of Tokens Studio with all sets. */
function isTokens(value: unknown, depth = 0): boolean {
  if (!isObject(value) || depth > 12) return false
  if (depth === 0 && (Object.hasOwn(value, '$themes') || Object.hasOwn(value, '$metadata'))) return false
  if (Object.hasOwn(value, '$value')) return true
  return Object.entries(value).some(([name, child]) => !name.startsWith('$') && isTokens(child, depth + 1))
}

function labelOf(file: string): string {
  const words = file
    .slice(file.lastIndexOf('/') + 1)
    .replace(/\.(?:tokens|resolver|json|jsonc|css|[cm]?js)\b/gi, '')
    .replace(/[-_.]+/g, ' ')
    .trim()
    .slice(0, 60)
  return words === '' ? 'Imported theme' : words[0]!.toUpperCase() + words.slice(1)
}
