// `npm test`: everything that has to hold before a change lands, in one command.
import { spawnSync } from 'node:child_process'
import { ensureBrowser } from '@mortise/testing'
import { build, root } from './build.ts'

const filters = process.argv.slice(2)
const steps: [title: string, command: string[]][] =
  filters.length > 0
    ? [['tests', ['vitest', 'run', ...filters]]]
    : [
        ['format and lint', ['biome', 'ci', '.']],
        [
          'import directions',
          ['depcruise', '--config', '.dependency-cruiser.mjs', 'packages', 'apps', 'examples', 'scripts'],
        ],
        ['types', ['node', 'scripts/types.ts']],
        ['reference pages', ['node', 'scripts/docs.ts', '--check']],
        ['tests', ['vitest', 'run']],
      ]

try {
  ensureBrowser('chromium')
  wishForFirefox()
  await build()
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
for (const [title, [command, ...args]] of steps) {
  console.log(`\n▸ ${title}`)
  const { status } = spawnSync(command!, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error(`\n${title} failed.`)
    process.exit(status ?? 1)
  }
}

/** Some machines cannot have Firefox: the last lines of the run then say what was not run. */
function wishForFirefox(): void {
  try {
    ensureBrowser('firefox')
  } catch (error) {
    console.warn(`NOT RUN: tests in Firefox. ${(error as Error).message}`)
  }
}
