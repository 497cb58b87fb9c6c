import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import {
  findEntries,
  formatIssues,
  type Issue,
  isPluginId,
  isSafePath,
  type Manifest,
  MortiseError,
  type PluginEntries,
  parseManifest,
} from '@mortise/contract'
import { Unzip, UnzipInflate } from 'fflate'
import { checkEmailTemplates } from './powers/email/templates.ts'
import { faultOfAssets } from './theme-assets.ts'

/** Limits of one package. */
export const packageLimits = { files: 2000, fileBytes: 16_000_000, totalBytes: 64_000_000 } as const

/** A package that was read and found whole. Nothing of it is stored yet. */
export interface PluginPackage {
  readonly manifest: Manifest
  /** The manifest as it was written, unknown keys included. */
  readonly raw: Readonly<Record<string, unknown>>
  readonly entries: PluginEntries
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Names that are never part of a package, as the packer of the build tools has them. Dot files are left out too. */
const skipped = new Set(['node_modules', 'test', 'tests', '__tests__', 'coverage'])

/** Reads a package from a folder. Links are refused: they could lead anywhere. */
export async function readPackageFolder(folder: string): Promise<PluginPackage> {
  const intake = new Intake()
  const walk = async (current: string): Promise<void> => {
    for (const name of (await readdir(current)).sort()) {
      if (name.startsWith('.') || skipped.has(name)) continue
      const path = join(current, name)
      const inside = relative(folder, path).split(sep).join('/')
      const info = await lstat(path)
      if (info.isSymbolicLink())
        throw unsafe(`'${inside}' is a symbolic link. Replace it with the file it names.`)
      if (info.isDirectory()) await walk(path)
      else if (info.isFile()) {
        intake.open(inside)
        if (info.size > packageLimits.fileBytes) throw tooLarge(inside)
        intake.add(inside, await readFile(path))
      }
    }
  }
  await walk(folder)
  return checkPackage(intake.files)
}

/**
 * Reads a package from the bytes of a zip. A single folder around everything is taken off.
 *
 * @throws `PACKAGE_INVALID` for unsafe paths, links, duplicates and archives that are not zips;
 * `PAYLOAD_TOO_LARGE` past the limits, measured on what comes out, never on what the headers say.
 */
export function readPackageZip(bytes: Uint8Array): PluginPackage {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw unsafe('It is not a zip archive.')
  refuseLinks(bytes)
  const intake = new Intake()
  const unzip = new Unzip((file) => {
    if (file.name.endsWith('/')) return
    intake.open(file.name)
    const chunks: Uint8Array[] = []
    let size = 0
    file.ondata = (error, chunk, final) => {
      // What is thrown below comes back here once more.
      if (error instanceof MortiseError) throw error
      if (error) throw unsafe(`'${file.name}' cannot be unpacked: ${error.message}.`)
      size += chunk.length
      if (size > packageLimits.fileBytes || intake.total + size > packageLimits.totalBytes)
        throw tooLarge(file.name)
      chunks.push(chunk)
      if (final) intake.add(file.name, Buffer.concat(chunks))
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  try {
    // In slices, so that a bomb is met at its limit and not after it has burst.
    for (let at = 0; at < bytes.length; at += 65_536) {
      unzip.push(bytes.subarray(at, at + 65_536), at + 65_536 >= bytes.length)
    }
  } catch (thrown) {
    if (thrown instanceof MortiseError) throw thrown
    throw unsafe(`It cannot be unpacked: ${(thrown as Error).message}.`)
  }
  return checkPackage(withoutWrapper(intake.files))
}

class Intake {
  readonly files = new Map<string, Uint8Array>()
  readonly #seen = new Set<string>()
  total = 0

  open(path: string): void {
    if (!isSafePath(path)) throw unsafe(`'${path}' is not a path inside the package.`)
    // Compared without case: on some disks the second file would replace the first.
    const key = path.toLowerCase()
    if (this.#seen.has(key)) throw unsafe(`'${path}' is in it twice.`)
    this.#seen.add(key)
    if (this.#seen.size > packageLimits.files) {
      throw new MortiseError('PAYLOAD_TOO_LARGE', `The package has more than ${packageLimits.files} files.`)
    }
  }

  add(path: string, bytes: Uint8Array): void {
    this.total += bytes.length
    if (this.total > packageLimits.totalBytes) throw tooLarge(path)
    this.files.set(path, bytes)
  }
}

/** Refuses entries whose Unix mode, kept in the central directory, says they are links. */
function refuseLinks(bytes: Uint8Array): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = view.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 22 > view.length) throw unsafe('Its directory is missing: the archive is cut off.')
  let at = view.readUInt32LE(end + 16)
  for (let left = view.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50)
      throw unsafe('Its directory is damaged.')
    const mode = view.readUInt32LE(at + 38) >>> 16
    const nameLength = view.readUInt16LE(at + 28)
    if ((mode & 0o170000) === 0o120000) {
      throw unsafe(`'${view.toString('utf8', at + 46, at + 46 + nameLength)}' is a symbolic link.`)
    }
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32)
  }
}

function withoutWrapper(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  if (files.has('manifest.json')) return files
  const [wrapper, ...others] = new Set([...files.keys()].map((path) => path.split('/')[0]))
  if (wrapper === undefined || others.length > 0 || !files.has(`${wrapper}/manifest.json`)) return files
  return new Map([...files].map(([path, bytes]) => [path.slice(wrapper.length + 1), bytes]))
}

/** Checks a package's manifest and that every file it names is there. */
export function checkPackage(files: ReadonlyMap<string, Uint8Array>): PluginPackage {
  const text = files.get('manifest.json')
  if (!text) {
    const issue = {
      file: 'manifest.json',
      pointer: '',
      message: 'is missing. Add it at the top of the package.',
    }
    throw refuse('MANIFEST_NOT_FOUND', [issue])
  }
  const parsed = parseManifest(Buffer.from(text).toString('utf8'))
  if (!parsed.ok) {
    const notJson = parsed.issues.every(({ message }) => message.startsWith('is not JSON'))
    throw refuse(notJson ? 'MANIFEST_NOT_JSON' : 'MANIFEST_INVALID', parsed.issues)
  }
  const { manifest, raw } = parsed.value
  if (!isPluginId(manifest.name)) {
    throw refuse('MANIFEST_INVALID', [
      { file: 'manifest.json', pointer: '/name', message: 'must not end with "-". Choose another name.' },
    ])
  }
  const entries = findEntries(manifest, new Set(files.keys()))
  if (!entries.ok) throw refuse('ENTRYPOINT_NOT_FOUND', entries.issues)
  for (const theme of entries.value.themes) {
    const fault = faultOfAssets(theme, files)
    if (fault) throw unsafe(fault)
  }
  checkEmailTemplates(manifest, files)
  return { manifest, raw, entries: entries.value, files }
}

function refuse(
  code: 'MANIFEST_NOT_FOUND' | 'MANIFEST_NOT_JSON' | 'MANIFEST_INVALID' | 'ENTRYPOINT_NOT_FOUND',
  issues: readonly Issue[],
): MortiseError {
  return new MortiseError(code, `The plugin was not installed: ${formatIssues(issues)}`, { data: { issues } })
}

function unsafe(detail: string): MortiseError {
  return new MortiseError('PACKAGE_INVALID', `The package was refused. ${detail}`)
}

function tooLarge(path: string): MortiseError {
  const { fileBytes, totalBytes } = packageLimits
  return new MortiseError(
    'PAYLOAD_TOO_LARGE',
    `The package was refused: '${path}' passes the limit of ${fileBytes / 1e6} MB a file or ${totalBytes / 1e6} MB in all.`,
  )
}
