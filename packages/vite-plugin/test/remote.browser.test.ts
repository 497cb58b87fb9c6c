import { launchChromium } from '@mortise/testing'
import { strFromU8, unzipSync } from 'fflate'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlugin, packPlugin } from '../src/index.ts'
import { manifestWith, type PluginFolder, pluginFolder } from './plugin-folder.ts'
import { type SandboxPage, serveSandboxPage } from './sandbox-page.ts'

let folder: PluginFolder
let page: SandboxPage
let browser: Browser
let remote: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  folder = await pluginFolder({
    'manifest.json': manifestWith(),
    'src/plugin.tsx': `
      import { Text, widget } from '@mortise/react'
      import { definePlugin } from '@mortise/sdk'
      export default definePlugin({ widgets: { hello: widget(() => <Text>Hello</Text>) } })
    `,
  })
  await buildPlugin(folder.dir)
  const files = Object.entries(unzipSync((await packPlugin(folder.dir)).bytes))
  remote = new Map(
    files.flatMap(([path, content]) => (path.startsWith('dist/') ? [[path.slice(5), content]] : [])),
  )
  page = await serveSandboxPage(remote)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await page?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

test('a built plugin loads in a worker with an opaque origin and uses the shared modules', async () => {
  const tab = await browser.newPage()
  const problems: string[] = []
  tab.on('console', (message) => problems.push(message.text()))
  await tab.goto(page.url)
  const answer = await tab
    .waitForFunction(() => (window as { answer?: unknown }).answer, undefined, { timeout: 15_000 })
    .then((handle) => handle.jsonValue())
  expect(problems).toEqual([])
  expect(answer).toEqual({
    origin: 'null',
    widgets: ['hello'],
    drawn: JSON.stringify({ type: 'Text', props: { children: 'Hello' } }),
  })
})

test('a built plugin holds no shared package, no eval, no absolute address and no path of the machine', () => {
  const code = [...remote.values()].map((content) => strFromU8(content)).join('\n')
  expect(code).not.toContain('bundled-react')
  expect(code).not.toContain('bundled-text')
  expect(code).not.toMatch(/\beval\(|new Function\(/)
  expect(code).not.toMatch(/from\s*["'`](https?:|\/)|import\(["'`](https?:|\/)/)
  expect(code).not.toContain(folder.dir)
})
