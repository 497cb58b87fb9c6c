/**
 * The longest task of a page, in processor time, while a plugin draws as much as a widget may hold, and while that goes
 * away again; against the same React components with no plugin in between, drawn in one go.
 */
import { launchChromium } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import type { TreeOrder, TreePage } from './page/tree.tsx'
import { serveBench } from './serve-bench.ts'
import { traceTasks } from './trace-tasks.ts'

declare const tree: TreePage

const rounds = Number(process.env.BENCH_ROUNDS ?? 3)

const orders: readonly (readonly [string, TreeOrder])[] = [
  ['4,500 texts', { way: 'append', count: 4500, element: 'm-text' }],
  ['4,500 texts sent as one component', { way: 'whole', count: 4500, element: 'm-text' }],
  ['4,500 texts sent as one message', { way: 'records', count: 4500, element: 'm-text' }],
  ['2,000 buttons', { way: 'append', count: 2000, element: 'm-button' }],
]
const steps = { draw: 'drawn', remove: 'taken down' } as const

type Longest = Readonly<Record<keyof typeof steps, number>>

export default async function run() {
  await using server = await serveBench()
  const browser = await launchChromium()
  try {
    const taken = orders.map(() => ({ ours: [] as Longest[], native: [] as Longest[] }))
    for (let round = 0; round < rounds; round++) {
      for (const [at, [, order]] of orders.entries()) {
        taken[at]?.ours.push(await take(browser, server.url, order))
        taken[at]?.native.push(await take(browser, server.url, { ...order, way: 'native' }))
      }
    }
    return orders.flatMap(([name], at) =>
      (Object.keys(steps) as (keyof typeof steps)[]).map((step) => {
        const ours = taken[at]!.ours.map((longest) => longest[step])
        const native = taken[at]!.native.map((longest) => longest[step])
        return {
          suite: 'trees',
          case: `${name}, ${steps[step]}: longest task of the page, processor time`,
          peer: 'the same React components in one go, no plugin',
          ratio: median(ours) / median(native),
          median: median(ours),
          min: Math.min(...ours),
          max: Math.max(...ours),
          unit: 'ms',
        }
      }),
    )
  } finally {
    await browser.close()
  }
}

async function take(browser: Browser, url: string, order: TreeOrder): Promise<Longest> {
  const page = await browser.newPage()
  const session = await browser.newBrowserCDPSession()
  try {
    await page.goto(`${url}tree.html`)
    await page.evaluate((given) => tree.open(given), order)
    const longest = async (step: keyof typeof steps) => {
      const [first] = await traceTasks(session, () => page.evaluate((name) => tree[name](), step))
      return first?.cpuMs ?? Number.NaN
    }
    return { draw: await longest('draw'), remove: await longest('remove') }
  } finally {
    await session.detach()
    await page.close()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}
