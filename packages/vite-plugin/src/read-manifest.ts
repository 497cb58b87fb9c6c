import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, MortiseError, parseManifest, unwrap } from '@mortise/contract'

/**
 * Reads the manifest of a plugin folder.
 *
 * @throws `MANIFEST_NOT_FOUND` where the folder has no `manifest.json`,
 * `MANIFEST_NOT_JSON` or `MANIFEST_INVALID` with every issue in `data.issues`.
 */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(join(dir, 'manifest.json'), 'utf8').catch((cause: unknown) => {
    throw new MortiseError(
      'MANIFEST_NOT_FOUND',
      `There is no readable manifest.json in ${dir}. Name the folder of a plugin, or write its manifest first.`,
      { cause },
    )
  })
  const parsed = parseManifest(text)
  const notJson = !parsed.ok && parsed.issues[0]?.message.startsWith('is not JSON')
  return unwrap(parsed, notJson ? 'MANIFEST_NOT_JSON' : 'MANIFEST_INVALID', 'The manifest cannot be used')
    .manifest
}
