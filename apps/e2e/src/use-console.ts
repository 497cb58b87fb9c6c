import { launchBrowser, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { type Client, createClient } from './client.ts'
import { start } from './workspace.ts'

export interface Stage {
  readonly console: RunningConsole
  readonly client: Client
  readonly browser: Browser
}

/** Starts the reference workspace and a browser for the tests of a file, and ends both after them. */
export function useConsole(launch: () => Promise<Browser> = launchBrowser): Stage {
  let workspace: RunningConsole
  let browser: Browser
  beforeAll(async () => {
    ;[workspace, browser] = await Promise.all([start(), launch()])
  })
  afterAll(async () => {
    await Promise.all([browser?.close(), workspace?.stop()])
  })
  return {
    get console() {
      return workspace
    },
    get client() {
      return createClient(workspace)
    },
    get browser() {
      return browser
    },
  }
}
