import { pathToFileURL } from 'node:url'
import { defineConfig, Logger, type ParseResult, parse } from '@terrazzo/parser'
import type { TokenSource } from '../src/index.ts'

/** Loads a source into Terrazzo, an independent resolver of the same format. */
export async function loadTerrazzo(source: TokenSource, folder: string): Promise<ParseResult['resolver']> {
  const cwd = pathToFileURL(`${folder}/`)
  const files = source.files ?? {}
  const { resolver } = await parse(
    [{ filename: new URL(source.file ?? 'tokens.json', cwd), src: JSON.stringify(source.document) }],
    {
      config: defineConfig({ lint: { rules: {} } }, { cwd }),
      logger: new Logger({ level: 'silent' }),
      skipLint: true,
      req: async (url) => {
        const path = decodeURIComponent(url.href.slice(cwd.href.length))
        if (!Object.hasOwn(files, path)) throw new Error(`${path} is not there.`)
        return JSON.stringify(files[path])
      },
    },
  )
  return resolver
}
