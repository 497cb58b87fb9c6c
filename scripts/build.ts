// Builds what runs in a browser: the console with its sandbox documents, and the
// example plugins that have something to build. Server code runs from source. A part whose
// sources have not changed since its last build is left alone.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

interface Part {
  readonly name: string
  readonly folder: string
}

/** Builds every part that is out of date. Rejects with the output of the first build that fails. */
export async function build({ force = false } = {}): Promise<void> {
  const shared = hashFiles([
    'packages/*/src/**/*',
    'packages/*/package.json',
    'packages/tokens/base/*',
    'pnpm-lock.yaml',
  ])
  const pending = parts().filter((part) => force || !isFresh(part, shared))
  if (pending.length === 0) return
  const started = performance.now()
  console.log(`Building ${pending.map((part) => part.name).join(', ')}…`)
  const queue = [...pending]
  const worker = async () => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      await buildPart(part)
      writeFileSync(stampFile(part), stamp(part, shared))
    }
  }
  await Promise.all([worker(), worker()])
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
}

function parts(): Part[] {
  const folders = ['apps/console', ...globSync('examples/*/package.json', { cwd: root }).map(dirname).sort()]
  return folders.map((folder) => ({ name: folder, folder: join(root, folder) }))
}

function buildPart({ name, folder }: Part): Promise<void> {
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const bin = [join(folder, 'node_modules/.bin'), join(root, 'node_modules/.bin'), process.env.PATH]
  return new Promise((resolve, reject) => {
    const child = spawn(scripts.build, {
      cwd: folder,
      shell: true,
      env: {
        ...process.env,
        PATH: bin.join(process.platform === 'win32' ? ';' : ':'),
        NODE_ENV: 'production',
      },
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`Building ${name} failed:\n${stripVTControlCharacters(output).slice(-8000)}`)),
    )
  })
}

function isFresh(part: Part, shared: string): boolean {
  const file = stampFile(part)
  return (
    existsSync(join(part.folder, 'dist')) &&
    existsSync(file) &&
    readFileSync(file, 'utf8') === stamp(part, shared)
  )
}

function stampFile(part: Part): string {
  const folder = join(root, 'node_modules/.cache/mortise')
  mkdirSync(folder, { recursive: true })
  return join(folder, `${part.name.replaceAll('/', '-')}.stamp`)
}

function stamp(part: Part, shared: string): string {
  const folder = relative(root, part.folder)
  return `${shared}-${hashFiles([`${folder}/*`, `${folder}/src/**/*`, `${folder}/public/**/*`])}`
}

function hashFiles(patterns: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of globSync([...patterns], {
    cwd: root,
    withFileTypes: true,
    exclude: ['**/node_modules', '**/dist'],
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()) {
    hash.update(relative(root, file)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

if (import.meta.main) {
  try {
    await build({ force: process.argv.includes('--force') })
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}
