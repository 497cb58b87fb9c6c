import { launchChromium } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { type StagePlugin, type StageServer, serveStage } from './stage/serve-stage.ts'

declare const stage: Stage

let server: StageServer
let browser: Browser
let page: Page

beforeAll(async () => {
  server = await serveStage()
  browser = await launchChromium()
})
afterEach(() => page?.close())
afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

async function open(...plugins: StagePlugin[]) {
  const records = plugins.map((plugin) => server.install(plugin))
  page = await browser.newPage()
  if (process.env.DEBUG_PAGE) page.on('console', (m) => console.log('[page]', m.text()))
  if (process.env.DEBUG_PAGE) page.on('pageerror', (m) => console.log('[error]', m))
  await page.goto(server.origin)
  await page.evaluate((given) => stage.open(given), records)
  return records
}

const greeter = `
  export default {
    widgets: {
      main({ root, api, events, context, onDidChangeContext, plugin }) {
        const text = document.createElement('m-text')
        text.tone = 'muted'
        text.textContent = plugin.displayName + ' is ' + context.mood
        onDidChangeContext((next) => { text.textContent = 'now ' + next.mood })
        const button = document.createElement('m-button')
        button.textContent = 'Add'
        button.addEventListener('press', async () => {
          try { await api.notes.add('pressed'); text.textContent = 'added' }
          catch (error) { text.textContent = error.code + ' ' + error.message }
        })
        events.on('note.*', (event) => { text.textContent = 'event ' + event.data.text })
        root.append(text, button)
        api.notes.list().then((notes) => { button.label = notes.join() })
      },
    },
  }
`

test('a worker widget mounts, calls, hears the person, and hears events', async () => {
  await open({ id: 'greeter', entry: greeter, granted: ['read:notes'], denied: ['write:notes'] })
  expect(await page.evaluate(() => stage.mountAll())).toEqual([{ status: 'running' }])
  await page.waitForFunction(() => JSON.stringify(stage.tree()).includes('first'))
  expect(await page.evaluate(() => stage.tree())).toEqual([
    ['m-text', { tone: 'muted' }, [], ['The greeter plugin is calm']],
    ['m-button', { label: 'first' }, ['press'], ['Add']],
  ])
  await page.evaluate(() => stage.use('m-button', 'press'))
  await page.waitForFunction(() => JSON.stringify(stage.tree()).includes('PERMISSION_DENIED'))
  expect(await page.evaluate(() => stage.notes)).toEqual(['first'])
})

test('a grant works from the next call on, without a reload', async () => {
  await open({ id: 'greeter', entry: greeter, granted: ['read:notes'], denied: ['write:notes'] })
  await page.evaluate(() => stage.mountAll())
  await page.evaluate(async () => {
    await stage.decide('greeter', { 'write:notes': true })
    stage.publish('plugin.granted', { plugin: 'greeter' })
    await stage.host.refresh('greeter')
    stage.use('m-button', 'press')
  })
  await page.waitForFunction(() => stage.notes.includes('pressed'))
  await page.evaluate(async () => {
    await stage.decide('greeter', { 'write:notes': false })
    await stage.host.refresh('greeter')
    stage.use('m-button', 'press')
  })
  await page.waitForFunction(() => JSON.stringify(stage.tree()).includes('PERMISSION_DENIED'))
  expect(await page.evaluate(() => stage.notes)).toEqual(['first', 'pressed'])
})

test('events reach a plugin as far as its subscription and its grants go', async () => {
  const follower = `
    export default {
      widgets: {
        main({ root, events }) {
          const text = document.createElement('m-text')
          root.append(text)
          events.on('*', (event) => { text.textContent += event.event_type + ' ' })
        },
      },
    }
  `
  await open({ id: 'follower', entry: follower, granted: ['read:notes'] })
  await page.evaluate(() => stage.mountAll())
  await page.evaluate(() => {
    stage.publish('secret.told', { text: 'x' })
    stage.publish('plugin.installed', { plugin: 'other' })
    stage.publish('unknown.type', {})
    stage.publish('note.added', { text: 'y' })
  })
  await page.waitForFunction(() => JSON.stringify(stage.tree()).includes('note.added'))
  expect(await page.evaluate(() => stage.tree())).toEqual([['m-text', {}, [], ['note.added ']]])
})

const painter = `
  export default {
    widgets: {
      main({ root, api, theme, onDidChangeContext, onDidChangeTheme, signal }) {
        root.id = 'root'
        root.style.height = '120px'
        root.textContent = 'frame ' + theme.colorScheme
        root.style.color = 'var(--m-color-text-default)'
        onDidChangeContext(({ mood }) => { root.style.height = mood === 'tall' ? '5000px' : '120px' })
        onDidChangeTheme((next) => { root.textContent = 'frame ' + next.colorScheme })
        root.onclick = () => api.notes.add('clicked')
      },
    },
  }
`

test('a frame widget mounts on its own host, in the theme, as tall as it asks and the slot allows', async () => {
  await open({ id: 'painter', entry: painter, surface: 'frame', granted: ['write:notes'] })
  expect(await page.evaluate(() => stage.mountAll())).toMatchObject([{ status: 'running' }])
  const frame = page.frames().at(1)!
  expect(new URL(frame.url()).hostname).toBe('painter.localhost')
  const root = frame.locator('#root')
  expect(await root.textContent()).toBe('frame light')
  expect(await root.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(1, 2, 3)')
  await page.waitForFunction(() => stage.state()?.height === 120)
  await page.evaluate(() => stage.update({ mood: 'tall' }))
  await page.waitForFunction(() => stage.state()?.height === 400)
  expect(await page.locator('iframe').evaluate((element) => element.clientHeight)).toBe(400)
  await root.click()
  await page.waitForFunction(() => stage.notes.includes('clicked'))
})

test('a theme repaints page and frames', async () => {
  await open({ id: 'painter', entry: painter, surface: 'frame' })
  await page.evaluate(() => stage.mountAll())
  await page.evaluate(() =>
    stage.host.applyTheme({
      theme: null,
      mode: 'dark',
      contrast: 'normal',
      css: ':root { --m-color-text-default: rgb(4, 5, 6) }',
      contexts: {
        light: [],
        dark: [['--m-color-text-default', 'rgb(4, 5, 6)']],
        'light-more': [],
        'dark-more': [],
      },
    }),
  )
  const root = page.frames()[1]!.locator('#root')
  await root.getByText('frame dark').waitFor()
  const color = () => getComputedStyle(document.documentElement).getPropertyValue('--m-color-text-default')
  expect(await page.evaluate(color)).toBe('rgb(4, 5, 6)')
  expect(await root.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(4, 5, 6)')
})
