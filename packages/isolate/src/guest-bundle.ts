import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const guestFolder = join(import.meta.dirname, 'guest')
const cacheFolder = join(import.meta.dirname, '..', 'node_modules', '.cache', 'mortise')

let bundle: Promise<string> | undefined

/**
 * The source of the guest runtime with its web shims, as one classic script.
 * Bundled at first use and kept in a cache file named after its inputs.
 */
export function guestBundle(): Promise<string> {
  bundle ??= readOrBuild().catch((thrown) => {
    bundle = undefined
    throw thrown
  })
  return bundle
}

async function readOrBuild(): Promise<string> {
  const file = join(cacheFolder, `guest-${await inputHash()}.js`)
  const cached = await readFile(file, 'utf8').catch(() => undefined)
  if (cached) return cached
  const code = await build()
  const partial = `${file}.${process.pid}`
  // A read-only installation still works: it bundles again in each process.
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFile(partial, code))
    .then(() => rename(partial, file))
    .catch(() => {})
  return code
}

async function build(): Promise<string> {
  const { rolldown } = await import('rolldown')
  const bundler = await rolldown({
    input: join(guestFolder, 'boot.ts'),
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'] },
    // The text encoding shim looks for its scope under this name.
    transform: { define: { global: 'globalThis' } },
    logLevel: 'silent',
  })
  const { output } = await bundler.generate({ format: 'iife', minify: true })
  await bundler.close()
  return output[0].code
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
