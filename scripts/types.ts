// Checks each package with only the libraries it may use: its own tsconfig.json.
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { root } from './build.ts'

const projects = [
  'tsconfig.json',
  ...globSync(['{packages,apps,examples}/*/tsconfig*.json'], {
    cwd: root,
  }).sort(),
]
const queue = [...projects]
const failed: string[] = []

async function worker(): Promise<void> {
  for (let project = queue.shift(); project !== undefined; project = queue.shift()) {
    const code = await new Promise<number | null>((resolve) => {
      spawn('tsc', ['-p', project!, '--noEmit'], { cwd: root, stdio: 'inherit' }).on('exit', resolve)
    })
    if (code !== 0) failed.push(project)
  }
}
await Promise.all([worker(), worker()])
if (failed.length > 0) {
  console.error(`Types do not hold in ${failed.join(', ')}.`)
  process.exit(1)
}
console.log(`Types hold in ${projects.length} projects.`)
