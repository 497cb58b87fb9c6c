import { parse } from 'es-module-lexer/js'

/** Longest file that is looked at, in UTF-16 units. */
const longestFile = 2 * 1024 * 1024
/** Places that are told of. */
const mostPlaces = 20

/**
 * Where files of a package call `import()`, as `path:line`. The engine of the
 * sandbox has no such thing and says no more than "Not supported" when it runs.
 */
export function findDynamicImports(files: Readonly<Record<string, string>>): readonly string[] {
  const places: string[] = []
  for (const [path, source] of Object.entries(files)) {
    if (path.endsWith('.json') || source.length > longestFile || !/\bimport\s*[(/]/.test(source)) continue
    for (const at of positions(source)) {
      if (places.length === mostPlaces) return places
      places.push(`${path}:${source.slice(0, at).split('\n').length}`)
    }
  }
  return places
}

function positions(source: string): number[] {
  try {
    const [imports] = parse(source)
    return imports.filter(({ type }) => type === 'dynamic').map(({ importStart }) => importStart)
  } catch {
    // What cannot be read is reported when it is loaded.
    return []
  }
}
