import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { MortiseError } from '@mortise/contract'
import { callingPlugin } from './calling-plugin.ts'
import type { Power } from './power.ts'

/** What one plugin may keep. Sizes are bytes. */
export const fileLimits = { bytes: 50_000_000, files: 1000, fileBytes: 10_000_000 } as const

interface StoredFile {
  readonly path: string
  readonly size: number
  readonly updatedAt: string
}

/** One folder of files for each plugin. A plugin names files by paths inside its own. */
export class PluginFiles implements Power {
  readonly #root: string
  readonly #now: () => Date
  /** What lies in each folder. Nobody but this class changes it while the server runs. */
  readonly #known = new Map<string, Map<string, StoredFile>>()
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(dataDir: string, now: () => Date) {
    this.#root = join(dataDir, 'files')
    this.#now = now
  }

  /** Removes what a crash left: unfinished files, and folders of plugins that are no longer installed. */
  async open(installed: readonly string[]): Promise<void> {
    await mkdir(this.#root, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#root)) {
      if (!installed.includes(name)) await rm(join(this.#root, name), { recursive: true, force: true })
    }
  }

  readonly providers = {
    files: {
      read: async (context, path: string) => decode(path, await this.#read(callingPlugin(context), path)),
      readBytes: (context, path: string) => this.#read(callingPlugin(context), path),
      write: (context, path: string, data: string | Uint8Array) =>
        this.#write(callingPlugin(context), path, data),
      delete: (context, path: string) => this.#delete(callingPlugin(context), path),
      list: (context, prefix: string) => this.#list(callingPlugin(context), prefix),
    },
  } satisfies Power['providers']

  async forget(plugin: string): Promise<void> {
    await this.#inTurn(plugin, async () => {
      this.#known.delete(plugin)
      await rm(join(this.#root, plugin), { recursive: true, force: true })
    })
  }

  #read(plugin: string, path: string): Promise<Uint8Array> {
    return this.#inTurn(plugin, async (files) => {
      if (!files.has(path)) throw notFound(path)
      const target = await this.#locate(plugin, path)
      // Whatever was put there from outside, a link is not followed.
      const file = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW).catch(explain(path))
      try {
        const { size } = await file.stat()
        if (size > fileLimits.fileBytes) throw tooLarge(path)
        return new Uint8Array(await file.readFile())
      } finally {
        await file.close()
      }
    })
  }

  async #write(plugin: string, path: string, data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    if (bytes.byteLength > fileLimits.fileBytes) throw tooLarge(path)
    await this.#inTurn(plugin, async (files) => {
      const others = [...files.values()].filter((file) => file.path !== path)
      const used = others.reduce((sum, { size }) => sum + size, 0)
      if (used + bytes.byteLength > fileLimits.bytes || others.length >= fileLimits.files) {
        throw new MortiseError(
          'STORAGE_FULL',
          `The files of ${plugin} are at their limit: ${fileLimits.bytes / 1e6} MB in ${fileLimits.files} files.`,
        )
      }
      // Complete and on disk under another name first: whoever reads sees the old file or the new one.
      const unfinished = join(this.#root, `.${randomUUID()}`)
      try {
        const file = await open(unfinished, 'wx', 0o600)
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        const target = await this.#locate(plugin, path, true)
        await rename(unfinished, target)
        files.set(path, { path, size: bytes.byteLength, updatedAt: this.#now().toISOString() })
      } catch (thrown) {
        await rm(unfinished, { force: true })
        explain(path)(thrown)
      }
    })
  }

  #delete(plugin: string, path: string): Promise<void> {
    return this.#inTurn(plugin, async (files) => {
      if (!files.has(path)) return
      const target = await this.#locate(plugin, path)
      await rm(target, { force: true })
      files.delete(path)
      // Folders exist only for the files in them.
      const home = join(this.#root, plugin)
      for (let folder = dirname(target); folder !== home; folder = dirname(folder)) {
        if (!(await removeEmpty(folder))) break
      }
    })
  }

  #list(plugin: string, prefix: string): Promise<StoredFile[]> {
    return this.#inTurn(plugin, async (files) =>
      [...files.values()]
        .filter(({ path }) => path.startsWith(prefix))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    )
  }

  /** The place of a file, once it is sure that no folder on the way is a link to somewhere else. */
  async #locate(plugin: string, path: string, create = false): Promise<string> {
    const names = [plugin, ...path.split('/')]
    const last = names.pop()!
    let folder = this.#root
    for (const name of names) {
      folder = join(folder, name)
      if (create) await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting)
      if (!(await lstat(folder)).isDirectory()) throw inTheWay(path)
    }
    return join(folder, last)
  }

  async #inTurn<T>(plugin: string, work: (files: Map<string, StoredFile>) => Promise<T>): Promise<T> {
    const before = this.#turns.get(plugin) ?? Promise.resolve()
    const run = async () => work(this.#known.get(plugin) ?? (await this.#readFolder(plugin)))
    const turn = before.then(run, run)
    this.#turns.set(plugin, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(plugin) === turn) this.#turns.delete(plugin)
    }
  }

  async #readFolder(plugin: string): Promise<Map<string, StoredFile>> {
    const home = join(this.#root, plugin)
    const files = new Map<string, StoredFile>()
    const entries = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isFile()) continue
      const place = join(entry.parentPath, entry.name)
      const path = relative(home, place).replaceAll(sep, '/')
      const { size, mtime } = await lstat(place)
      files.set(path, { path, size, updatedAt: mtime.toISOString() })
    }
    this.#known.set(plugin, files)
    return files
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(path: string, bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new MortiseError('INPUT_INVALID', `${path} is not UTF-8 text. Read it with files.readBytes.`)
  }
}

async function removeEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  )
}

function notFound(path: string): MortiseError {
  return new MortiseError('NOT_FOUND', `There is no file ${path}.`, { name: 'FileNotFoundError' })
}

function tooLarge(path: string): MortiseError {
  return new MortiseError(
    'PAYLOAD_TOO_LARGE',
    `${path} would be larger than ${fileLimits.fileBytes / 1e6} MB, the most one file may have.`,
  )
}

/** What the file system said, in our words: its own would tell paths of this machine. */
function explain(path: string): (thrown: unknown) => never {
  return (thrown) => {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ELOOP') throw notFound(path)
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new MortiseError('STORAGE_FULL', 'The disk of the server is full.', { cause: thrown })
    }
    if (code === 'EISDIR' || code === 'ENOTDIR') throw inTheWay(path)
    throw thrown
  }
}

function ignoreExisting(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'EEXIST') throw thrown
}

function inTheWay(path: string): MortiseError {
  return new MortiseError('CONFLICT', `${path} cannot be: one name cannot be a file and a folder at once.`)
}
