#!/usr/bin/env node
// The command is TypeScript source, which Node runs from version 24 on. Under an
// older Node it starts itself again with the one the workspace brought.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const enough = Number(process.versions.node.split('.')[0]) >= 24
if (enough) {
  const { main } = await import('../src/main.ts')
  await main(process.argv)
} else {
  const newer = findNode(dirname(fileURLToPath(import.meta.url)))
  if (!newer) {
    console.error(
      `mortise needs Node 24, and this is ${process.version}. Run "npm install" in the workspace, which brings one, or install it from https://nodejs.org.`,
    )
    process.exit(1)
  }
  const child = spawn(newer, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

function findNode(folder) {
  const candidate = join(folder, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(candidate)) return candidate
  const parent = dirname(folder)
  return parent === folder ? undefined : findNode(parent)
}
