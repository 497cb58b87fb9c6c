import { strToU8, zipSync } from 'fflate'

export interface FixturePlugin {
  /** Written as `manifest.json`: a text as it is, anything else as JSON. Without one, the package has none. */
  readonly manifest?: unknown
  /** Other files by path. Unsafe paths are written as given: that is what attacks need. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

/** Makes a plugin package, good or bad, as the bytes of a zip. */
export function fixturePlugin({ manifest, files = {} }: FixturePlugin): Uint8Array {
  const content: Record<string, Uint8Array> = {}
  if (manifest !== undefined)
    content['manifest.json'] = strToU8(typeof manifest === 'string' ? manifest : JSON.stringify(manifest))
  for (const [path, file] of Object.entries(files))
    content[path] = typeof file === 'string' ? strToU8(file) : file
  return zipSync(content, { mtime: new Date(1980, 0, 1) })
}
