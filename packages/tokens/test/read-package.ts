import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { referencedFiles, type TokenSource } from '../src/index.ts'

/** Root of the repository, with a slash at the end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** A token file or resolver document with all files it names. */
export function readSource(folder: string, file: string): TokenSource {
  const document = readJson(`${folder}/${file}`)
  const files = Object.fromEntries(
    referencedFiles(document)
      .filter((path) => existsSync(`${folder}/${path}`))
      .map((path) => [path, readJson(`${folder}/${path}`)]),
  )
  return { document, file, files }
}
