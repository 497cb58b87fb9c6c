// Sets the workspace up with nothing but Node 20 and npm, then gets out of the way.
// It is plain JavaScript because it runs before the workspace's own Node is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.mortise-bootstrap')

const [major] = process.versions.node.split('.').map(Number)
if (major < 20) {
  console.error(
    `Mortise needs Node 20 or newer to set itself up; this is ${process.version}. Install a newer Node from https://nodejs.org and run the command again.`,
  )
  process.exit(1)
}

const lockfile = join(root, 'pnpm-lock.yaml')
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const wanted = createHash('sha256')
  .update(existsSync(lockfile) ? readFileSync(lockfile) : '')
  .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
  .update(`${packageManager} ${process.platform} ${process.arch}`)
  .digest('hex')

if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) process.exit(0)

console.log('Setting up the workspace (first run takes a minute)…')
const args = ['-y', packageManager, 'install', '--prefer-offline']
if (existsSync(lockfile)) args.push('--frozen-lockfile')
const result = spawnSync('npx', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
if (result.status !== 0) {
  console.error(
    'Setting up failed: the package manager stopped with an error (above). Check the network and the npm registry settings, then run the command again.',
  )
  process.exit(result.status ?? 1)
}
mkdirSync(dirname(stampFile), { recursive: true })
writeFileSync(stampFile, wanted)
