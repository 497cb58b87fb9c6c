// `pnpm bench [suite] [--json]`: ratios against peers, each taken in one run.
// A suite is a file `bench/<suite>.bench.ts` whose default export returns rows.
import { globSync } from 'node:fs'
import { cpus } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BenchRow } from '@mortise/testing'
import { build, root } from './build.ts'

const args = process.argv.slice(2)
const json = args.includes('--json')
const wanted = args.filter((arg) => !arg.startsWith('--'))
const suites = new Map(
  globSync('{packages,apps}/*/bench/*.bench.ts', { cwd: root })
    .sort()
    .map((file) => [basename(file, '.bench.ts'), join(root, file)]),
)
for (const name of wanted) {
  if (suites.has(name)) continue
  console.error(`There is no suite ${name}. Suites: ${[...suites.keys()].join(', ')}.`)
  process.exit(2)
}

const log = console.log
if (json) console.log = console.error
await build()
const rows: BenchRow[] = []
for (const [name, file] of suites) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const { default: run } = (await import(pathToFileURL(file).href)) as { default(): Promise<BenchRow[]> }
  rows.push(...(await run()))
}
console.log = log

if (json) console.log(JSON.stringify(rows, null, 2))
else {
  console.log(`${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`)
  console.table(
    rows.map(({ suite, case: name, peer, ratio, median, min, max, unit }) => ({
      suite,
      case: name,
      peer,
      ratio: Number(ratio.toPrecision(3)),
      median: `${format(median)} ${unit}`,
      range: `${format(min)}–${format(max)}`,
    })),
  )
}

function format(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)
}
