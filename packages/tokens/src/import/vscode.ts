import { parseText } from '../diagnose/parse-text.ts'
import { isObject, own } from '../parse-file.ts'
import type { Diagnostic } from '../types.ts'
import { readColor } from './css-value.ts'
import { createDraft, finishDraft, type Imported, type Mapping } from './imported.ts'
import { vscodeTable } from './tables.ts'

export interface VscodeImportOptions {
  /** Path of the file, for diagnostics and for the paths of `include`. */
  readonly file?: string | undefined
  /** Gives the text of an included file; the path is relative to the first file's folder. */
  readonly include?: ((path: string) => string | undefined | Promise<string | undefined>) | undefined
}

const maxIncludes = 8

/** Workbench colors with where they stand. */
interface Colors {
  readonly entries: Map<
    string,
    { readonly text: unknown; readonly file: string; readonly line: number; readonly column: number }
  >
  type: unknown
}

/**
 * A VS Code color theme (JSON with comments) as a theme. Colors of included
 * files hold where the file itself has none. Syntax colors have no role.
 *
 * @throws Whatever `include` throws or rejects with.
 */
export async function importVscode(text: string, options: VscodeImportOptions = {}): Promise<Imported> {
  const { file = 'color-theme.json', include } = options
  const diagnostics: Diagnostic[] = []
  const colors: Colors = { entries: new Map(), type: undefined }
  await readTheme(text, file, [])

  const draft = createDraft()
  const mapping: Mapping[] = []
  const taken = new Set<string>()
  for (const [path, keys] of Object.entries(vscodeTable)) {
    for (const key of keys) {
      const entry = colors.entries.get(key)
      const read = typeof entry?.text === 'string' ? readColor(entry.text) : undefined
      if (!entry) continue
      taken.add(key)
      if (!read) {
        diagnostics.push({
          code: 'TOKEN_INVALID',
          pointer: `/colors/${key}`,
          message: 'Not a color.',
          file: entry.file,
          line: entry.line,
          column: entry.column,
          hint: 'VS Code colors are #rgb, #rgba, #rrggbb or #rrggbbaa.',
        })
        continue
      }
      // A ground that is all but invisible says nothing once it is alone.
      if (read.color.alpha < 0.05) continue
      draft.both.set(path, read.color)
      mapping.push({ from: key, to: path })
      break
    }
  }
  return {
    source: finishDraft(draft, `${file.replace(/^.*\//, '').replace(/\.jsonc?$/, '')}.tokens.json`),
    diagnostics,
    mapping,
    unmapped: [...colors.entries.keys()].filter((key) => !taken.has(key)),
  }

  async function readTheme(content: string, path: string, trail: readonly string[]): Promise<void> {
    const parsed = parseText(content, path)
    diagnostics.push(...parsed.diagnostics)
    const report = (pointer: string, message: string) =>
      void diagnostics.push({
        code: 'TOKEN_FILE_INVALID',
        pointer,
        message,
        file: path,
        ...parsed.positionOf(pointer),
      })
    if (!isObject(parsed.value)) return report('', 'A color theme is one JSON object.')
    const included = own(parsed.value, 'include')
    if (typeof included === 'string') {
      const target = joinPath(path, included)
      const known = target !== undefined && [...trail, path].includes(target)
      if (known) report('/include', `The file includes itself: ${[...trail, path, target].join(' → ')}.`)
      else if (target === undefined || trail.length >= maxIncludes)
        report('/include', 'The file cannot be included.')
      else {
        const next = await include?.(target)
        if (next === undefined) report('/include', `${target} is not there.`)
        else await readTheme(next, target, [...trail, path])
      }
    }
    const list = own(parsed.value, 'colors')
    if (typeof list === 'string') report('/colors', 'Colors in a file of their own are not read.')
    for (const [key, value] of isObject(list) ? Object.entries(list) : []) {
      if (value === null) colors.entries.delete(key)
      else
        colors.entries.set(key, {
          text: value,
          file: path,
          ...parsed.positionOf(`/colors/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
        })
    }
  }
}

/** A path relative to a file, without leaving the folder that the first file is in. */
function joinPath(file: string, relative: string): string | undefined {
  const parts = file.split('/').slice(0, -1)
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return /^[\w@. +/-]{1,300}$/.test(parts.join('/')) ? parts.join('/') : undefined
}
