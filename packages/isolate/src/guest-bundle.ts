import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const guestFolder = join(import.meta.dirname, 'guest')
const cacheFolder = join(import.meta.dirname, '..', 'node_modules', '.cache', 'mortise')

/** The guest runtime as classic scripts. */
export interface GuestBundle {
  /** What each isolate starts with. */
  readonly runtime: string
  /** The web's part; it declares `mortiseWeb`. */
  readonly web: string
}

let bundle: Promise<GuestBundle> | undefined

/** The source of the guest runtime with its web shims. Bundled at first use and kept in a cache file named after its inputs. */
export function guestBundle(): Promise<GuestBundle> {
  bundle ??= readOrBuild().catch((thrown) => {
    bundle = undefined
    throw thrown
  })
  return bundle
}

async function readOrBuild(): Promise<GuestBundle> {
  const file = join(cacheFolder, `guest-${await inputHash()}.json`)
  const cached = await readFile(file, 'utf8').catch(() => undefined)
  if (cached) return JSON.parse(cached) as GuestBundle
  const built = { runtime: await build('boot.ts'), web: await build('web.ts') }
  const partial = `${file}.${process.pid}`
  // A read-only installation still works: it bundles again in each process.
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFile(partial, JSON.stringify(built)))
    .then(() => rename(partial, file))
    .catch(() => {})
  return built
}

async function build(entry: string): Promise<string> {
  const { rolldown } = await import('rolldown')
  const bundler = await rolldown({
    input: join(guestFolder, entry),
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'] },
    // The text encoding shim looks for its scope under this name.
    transform: { define: { global: 'globalThis' } },
    logLevel: 'silent',
  })
  const { output } = await bundler.generate({ format: 'iife', name: 'mortiseWeb', minify: true })
  await bundler.close()
  return toAscii(output[0].code)
}

/** One letter beyond Latin 1 makes the engine keep two bytes for each of a source, and every isolate has a copy. */
function toAscii(source: string): string {
  return source.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

async function inputHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(guestFolder)).sort()) {
    if (!name.includes('.test.')) hash.update(await readFile(join(guestFolder, name)))
  }
  hash.update(await readFile(fileURLToPath(import.meta.url)))
  hash.update(await readFile(join(import.meta.dirname, '..', 'package.json')))
  return hash.digest('hex').slice(0, 20)
}
