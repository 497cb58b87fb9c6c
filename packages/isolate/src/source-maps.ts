import { originalPositionFor, type SourceMapInput, TraceMap } from '@jridgewell/trace-mapping'
import { parse, s } from '@mortise/contract'
import { sourceName, wrapperStart } from './guest/commonjs.ts'

/** Longest map that is read, in UTF-16 units: reading one keeps this process busy. */
const longestMap = 2 * 1024 * 1024
/** Maps that are read for one plugin. */
const mostMaps = 8
/** What the loader puts before the first line of a CommonJS file. */
const wrapper = wrapperStart().length

const mapSchema = s.object({
  version: s.literal(3),
  sources: s.pipe(s.array(s.nullable(s.string())), s.maxLength(10_000)),
  sourceRoot: s.optional(s.string()),
  names: s.optional(s.array(s.string()), []),
  mappings: s.pipe(s.string(), s.regex(/^[A-Za-z0-9+/,;]*$/)),
})

export interface SourceMapsOptions {
  readonly plugin: string
  /** Package-relative path to source text. */
  readonly files: Readonly<Record<string, string>>
  /** The text of a map file of the package, `undefined` where there is none. */
  readonly readMap?: ((path: string) => string | undefined) | undefined
}

/**
 * Puts the author's own files and lines into stack traces of built plugins.
 *
 * A map is data of a hostile author: it is capped, names in it are shortened and
 * cleaned, and one that cannot be read changes nothing.
 */
export class SourceMaps {
  readonly #options: SourceMapsOptions
  readonly #paths = new Map<string, string>()
  readonly #maps = new Map<string, TraceMap | undefined>()

  constructor(options: SourceMapsOptions) {
    this.#options = options
    for (const path of Object.keys(options.files)) this.#paths.set(sourceName(options.plugin, path), path)
  }

  /** The text with every place of a built file replaced by where it came from. */
  apply(text: string): string {
    if (!text.includes(`${this.#options.plugin}/`)) return text
    return text.replace(/([\w./@-]{1,300}):(\d{1,7}):(\d{1,7})/g, (whole, name: string, line, column) => {
      const path = this.#paths.get(name)
      return (path && this.#original(path, Number(line), Number(column))) ?? whole
    })
  }

  #original(path: string, line: number, column: number): string | undefined {
    const map = this.#mapOf(path)
    if (!map || line < 1) return undefined
    const isWrapped = line === 1 && !/^\s*(import|export)\b/m.test(this.#options.files[path] ?? '')
    const at = column - 1 - (isWrapped ? wrapper : 0)
    if (at < 0) return undefined
    const found = findPosition(map, line, at)
    if (!found?.source) return undefined
    const source = found.source.replace(/[^\w./@-]/g, '_').slice(-200)
    return `${this.#options.plugin}/${source}:${found.line}:${found.column + 1}`
  }

  #mapOf(path: string): TraceMap | undefined {
    if (this.#maps.has(path)) return this.#maps.get(path)
    const map = this.#maps.size < mostMaps ? this.#readMap(path) : undefined
    this.#maps.set(path, map)
    return map
  }

  #readMap(path: string): TraceMap | undefined {
    const { files, readMap } = this.#options
    const tail = (files[path] ?? '').slice(-longestMap * 2)
    const at = tail.lastIndexOf('//# sourceMappingURL=')
    if (at < 0) return undefined
    const [url = ''] = tail.slice(at + '//# sourceMappingURL='.length).split(/\s/, 1)
    try {
      const text = url.startsWith('data:') ? decode(url) : readMap?.(resolve(path, url))
      if (text === undefined || text.length > longestMap) return undefined
      const parsed = parse(mapSchema, JSON.parse(text))
      return parsed.ok ? new TraceMap(parsed.value as SourceMapInput) : undefined
    } catch {
      return undefined
    }
  }
}

function findPosition(map: TraceMap, line: number, column: number) {
  try {
    return originalPositionFor(map, { line, column })
  } catch {
    return undefined
  }
}

function decode(url: string): string | undefined {
  const [, encoded = ''] = /^data:application\/json;(?:charset=[\w-]+;)?base64,([\w+/=]*)$/.exec(url) ?? []
  return encoded === '' ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}

/** A map is beside its file; the host checks the path. */
function resolve(path: string, url: string): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  return `${folder}${url.replace(/^\.\//, '')}`
}
