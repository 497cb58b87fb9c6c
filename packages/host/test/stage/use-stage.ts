import type { PluginRecord } from '@mortise/contract'
import { launchBrowser } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Budgets, Timing } from '../../src/index.ts'
import type { Stage } from './page.ts'
import { type StagePlugin, type StageServer, serveStage } from './serve-stage.ts'

declare const stage: Stage

export interface StageTools {
  readonly server: StageServer
  /** The page of the running test. */
  readonly page: Page
  /** Opens the host page with plugins installed and read. */
  open(
    plugins: readonly StagePlugin[],
    timing?: Partial<Timing>,
    budgets?: Budgets,
  ): Promise<readonly PluginRecord[]>
}

/** Starts server and browser for a test file, and a page for each test. */
export function useStage(): StageTools {
  let server: StageServer
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    server = await serveStage()
    browser = await launchBrowser()
  })
  afterEach(() => page?.close())
  afterAll(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
  })
  return {
    get server() {
      return server
    },
    get page() {
      return page
    },
    async open(plugins, timing = {}, budgets = {}) {
      const records = plugins.map((plugin) => server.install(plugin))
      page = await browser.newPage()
      await page.goto(server.origin)
      await page.evaluate(([given, times, limits]) => stage.open(given, times, limits), [
        records,
        timing,
        budgets,
      ] as const)
      return records
    },
  }
}
