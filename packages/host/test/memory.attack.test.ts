import { launchChromium } from '@mortise/testing'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { type StagePlugin, type StageServer, serveStage } from './stage/serve-stage.ts'

declare const stage: Stage

/** Fills the memory of its process in steps too short for the heartbeat to notice, and in each new realm again. */
const bomb = (surface: 'worker' | 'frame'): StagePlugin => ({
  id: 'bomb',
  surface,
  entry: `export default { widgets: { main({ root, state }) {
    root.textContent = 'armed'
    const kept = []
    const fill = () => { for (let i = 0; i < 20; i++) kept.push(new Array(1e5).fill(Math.random())); setTimeout(fill, 5) }
    state.save('lit')
    setTimeout(fill, 500)
  } } }`,
})

const calm: StagePlugin = {
  id: 'calm',
  entry: `export default { widgets: { main({ root, state }) {
    state.save('kept')
    root.textContent = String(state.value ?? 'new')
  } } }`,
}

let server: StageServer
let browser: Browser
let page: Page

beforeAll(async () => {
  server = await serveStage()
  // A heap small enough to be full within a moment, and nothing of the machine with it.
  browser = await launchChromium(['--js-flags=--max-old-space-size=120'])
})

afterEach(() => page?.close())

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

/** Runs a function in the page, also after a process of one of its frames died, when Playwright takes the page for dead. */
async function evaluate<T>(session: CDPSession, run: () => T | Promise<T>): Promise<T> {
  const expression = `(${run.toString()})()`
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  })
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  return result.value as T
}

test.each(['worker', 'frame'] as const)(
  'a %s that fills its memory again and again is stopped, and nobody else pays for it',
  async (surface) => {
    page = await browser.newPage()
    const session = await page.context().newCDPSession(page)
    const plugins = [bomb(surface), calm].map((plugin) => server.install(plugin))
    await page.goto(server.origin)
    await page.evaluate(
      (given) => stage.open(given, { heartbeat: 150, misses: 4, restarts: [0, 50] }),
      plugins,
    )
    await page.evaluate(() => stage.mountAll())
    const seen = await evaluate(session, async () => {
      const at = (id: string) => stage.host.widgetsOf('main').findIndex(({ plugin }) => plugin.id === id)
      let beats = 0
      const timer = setInterval(() => beats++, 20)
      await stage.settled(at('bomb'), ['failed'])
      await stage.settled(at('calm'), ['running', 'failed'])
      clearInterval(timer)
      return {
        bomb: stage.state(at('bomb')),
        calm: stage.state(at('calm')),
        tree: stage.tree(at('calm')),
        logs: stage.logs,
        beats,
      }
    })
    expect(seen.bomb).toMatchObject({ status: 'failed', error: { code: 'PLUGIN_QUARANTINED' } })
    expect(seen.calm).toMatchObject({ status: 'running' })
    expect(seen.logs.filter(({ plugin, level }) => plugin === 'calm' && level === 'error')).toEqual([])
    expect(seen.beats).toBeGreaterThan(10)
  },
)
