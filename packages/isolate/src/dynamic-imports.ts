import { parse } from 'es-module-lexer/js'

/** Longest file that is looked at, in UTF-16 units. */
const longestFile = 2 * 1024 * 1024
const keyword = 'import'

export interface RewrittenFiles {
  readonly files: Readonly<Record<string, string>>
  /** What `import` became in files that call it, by path. */
  readonly importers: Readonly<Record<string, string>>
}

/**
 * Renames `import(…)` in files of a package, because the engine of the sandbox
 * has no such thing. The new name is as long and occurs nowhere else in the file,
 * so lines and columns stay what they were.
 */
export function rewriteImports(files: Readonly<Record<string, string>>): RewrittenFiles {
  const rewritten: Record<string, string> = {}
  const importers: Record<string, string> = {}
  for (const [path, source] of Object.entries(files)) {
    const places = path.endsWith('.json') ? [] : positions(source)
    const name = places.length === 0 ? undefined : freeName(source)
    if (name === undefined) rewritten[path] = source
    else {
      importers[path] = name
      rewritten[path] = rename(source, places, name)
    }
  }
  return { files: rewritten, importers }
}

function positions(source: string): number[] {
  if (source.length > longestFile || !/\bimport\s*[(/]/.test(source)) return []
  try {
    const [imports] = parse(source)
    return imports.filter(({ type }) => type === 'dynamic').map(({ importStart }) => importStart)
  } catch {
    // What cannot be read is reported when it is loaded.
    return []
  }
}

function freeName(source: string): string | undefined {
  for (let number = 0; number < 1000; number++) {
    const name = `$im${String(number).padStart(3, '0')}`
    if (!source.includes(name)) return name
  }
  return undefined
}

function rename(source: string, places: readonly number[], name: string): string {
  const parts: string[] = []
  let from = 0
  for (const place of [...places].sort((one, other) => one - other)) {
    if (source.slice(place, place + keyword.length) !== keyword) continue
    parts.push(source.slice(from, place), name)
    from = place + keyword.length
  }
  return [...parts, source.slice(from)].join('')
}
