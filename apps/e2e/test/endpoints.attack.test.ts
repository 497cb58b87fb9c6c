import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Canary, canaryServer, launchBrowser, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, expectReports, openConsole, packFolder, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser
let canary: Canary
let source: string

// What the tests below have the console try to load from a plugin.
expectReports(/^(script-src-elem|worker-src) blocked http:\/\/localhost:\d+\/plugins\/mallory\//)

beforeAll(async () => {
  ;[console_, browser, canary] = await Promise.all([start(), launchBrowser(), canaryServer()])
  client = createClient(console_)
  source = readFileSync(join(import.meta.dirname, 'attacks/endpoint-page.js'), 'utf8').replaceAll(
    '__CANARY__',
    canary.url,
  )
  await client.install({
    manifest: {
      name: 'mallory',
      version: '1.0.0',
      displayName: 'Mallory',
      description: 'Answers pages that would like to be the console.',
      type: 'integration',
      author: 'Mallory',
      permissions: ['serve:http', 'serve:public'],
      http: { public: ['/public/*'] },
    },
    files: {
      'index.js': `const page = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><body><script>window.inline = 1</script><script type="module" src="' }
        const html = (path) => ({ ...page, body: page.body + path + '"></script>' })
        module.exports = { routes: {
          'GET /page': ({ authenticated }) => authenticated ? html('attack.js') : { status: 401 },
          'GET /public/page': () => html('../attack.js'),
          'GET /public/who': ({ authenticated }) => ({ headers: { 'access-control-allow-origin': '*' }, body: 'known: ' + authenticated }),
          '/public/*': () => ({ body: 'x' }),
          'GET /who': ({ authenticated }) => ({ body: 'known: ' + authenticated }),
          'GET /image.svg': () => ({ headers: { 'content-type': 'image/svg+xml' }, body: '<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.setAttribute("data-ran", self.origin)</script></svg>' }),
          'GET /sniff': () => ({ headers: { 'content-type': 'text/plain' }, body: '<script>document.title = "ran"</script>' }),
        } }`,
      'public/attack.js': source,
      'public/worker.js': 'self.onconnect = ({ ports: [port] }) => port.postMessage(1)',
      'public/code.js': 'window.pwned = true',
    },
  })
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop(), canary?.close()])
})

async function outcomesOf(page: Page): Promise<Record<string, string>> {
  await page.waitForFunction(() => document.title === 'done')
  return page.evaluate(() => (window as unknown as { outcomes: Record<string, string> }).outcomes)
}

test.each(['page', 'public/page'])('/%s of a plugin runs, and is not the console', async (path) => {
  canary.clear()
  const { context, page, problems } = await openConsole(browser, console_)
  const before = (await context.cookies()).find(({ name }) => name === 'mortise_session')
  await page.evaluate(() => localStorage.setItem('secret', 'hunter2'))
  const visit = await context.newPage()
  await visit.goto(`${console_.url}/plugins/mallory/${path}`)
  const outcomes = await outcomesOf(visit)
  expect(await visit.evaluate(() => (window as unknown as { inline?: number }).inline)).toBe(1)
  const { origin, 'form to the API': form, ...others } = outcomes
  expect(origin).toBe('null')
  // Firefox throws; what counts is that nobody was signed out.
  expect(form).toMatch(/^(submitted|refused: )/)
  const { 'own endpoint with the session': own, ...rest } = others
  expect(Object.keys(rest).length).toBeGreaterThan(15)
  for (const [name, outcome] of Object.entries(rest)) {
    expect([name, outcome]).toEqual([name, expect.stringMatching(/^refused: /)])
  }
  // A public address may let any page in; it still does not learn whose browser it is.
  expect(own).toMatch(path === 'page' ? /^refused/ : /^(refused|known: false)/)
  expect(canary.requests).toEqual([])
  expect((await context.cookies()).find(({ name }) => name === 'mortise_session')).toEqual(before)
  expect(await page.evaluate(async () => (await fetch('/api/v1/me')).status)).toBe(200)
  expect(await page.evaluate(() => localStorage.getItem('secret'))).toBe('hunter2')
  expect(problems.errors).toEqual([])
  await context.close()
})

test('the same page without its headers is the console: the test above can fail', async () => {
  const { context } = await openConsole(browser, console_)
  const visit = await context.newPage()
  await visit.route('**/plugins/mallory/page', (route) =>
    route.fulfill({
      status: 200,
      contentType: 'text/html',
      body: '<!doctype html><body><script type="module" src="attack.js"></script>',
    }),
  )
  await visit.route('**/attack.js', (route) =>
    route.fulfill({ status: 200, contentType: 'text/javascript', body: source }),
  )
  // The form would lead the page away before it could report.
  await visit.route('**/auth/sign-out', (route) => route.fulfill({ status: 204 }))
  await visit.goto(`${console_.url}/plugins/mallory/page`)
  const outcomes = await outcomesOf(visit)
  expect(outcomes.origin).toBe(console_.url)
  expect(outcomes['fetch of the API']).toBe('status 200')
  expect(outcomes.localStorage).not.toMatch(/refused/)
  await context.close()
})

test('pictures and plain text of a plugin run nothing as the console', async () => {
  const { context } = await openConsole(browser, console_)
  const visit = await context.newPage()
  await visit.goto(`${console_.url}/plugins/mallory/image.svg`)
  expect(await visit.evaluate(() => document.documentElement.getAttribute('data-ran'))).toMatch(/^null$/)
  await visit.goto(`${console_.url}/plugins/mallory/sniff`)
  expect(await visit.title()).not.toBe('ran')
  await context.close()
})

test('the console takes no script, style, frame or worker from a plugin', async () => {
  const { context, page } = await openConsole(browser, console_)
  const outcome = await page.evaluate(async () => {
    const load = (element: HTMLElement) =>
      new Promise((resolve) => {
        element.onload = () => resolve('loaded')
        element.onerror = () => resolve('refused')
        document.body.append(element)
        setTimeout(() => resolve('silent'), 2000)
      })
    const script = Object.assign(document.createElement('script'), { src: '/plugins/mallory/code.js' })
    const style = Object.assign(document.createElement('link'), {
      rel: 'stylesheet',
      href: '/plugins/mallory/code.js',
    })
    const register = navigator.serviceWorker
      .register('/plugins/mallory/worker.js')
      .then(() => 'registered')
      .catch(() => 'refused')
    return {
      script: await load(script),
      style: await load(style),
      worker: await register,
      pwned: 'pwned' in window,
    }
  })
  expect(outcome).toEqual({ script: 'refused', style: 'refused', worker: 'refused', pwned: false })
  // As text: the test's own bundler has other plans for an import.
  const imported = page.evaluate(`import('/plugins/mallory/code.js').then(() => 'loaded', () => 'refused')`)
  expect(await imported).toBe('refused')
  await context.close()
})

test('a page of a plugin asks its own addresses by a ticket and follows its stream', async () => {
  const { 'manifest.json': manifest = '', ...files } = packFolder('examples/build-board')
  const secret = 'correct-horse'
  await client.install({
    manifest: { ...JSON.parse(manifest), defaultConfig: { signingSecret: secret } },
    files,
  })
  const { context } = await openConsole(browser, console_)
  const page = await context.newPage()
  await page.goto(`${console_.url}/plugins/build-board/`)
  await page.getByText('No build was reported yet.').waitFor()
  const body = '{"job":"<b>web</b>","result":"passed"}'
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const headers = { 'x-hub-signature-256': `sha256=${signature}` }
  const report = () =>
    fetch(`${console_.url}/plugins/build-board/hooks/builds`, { method: 'POST', body, headers })
  await expect
    .poll(async () => {
      await report()
      return page.getByRole('cell', { name: '<b>web</b>' }).count()
    })
    .toBeGreaterThan(0)
  expect(await page.evaluate(() => self.origin)).toBe('null')
  await context.close()
  await client.uninstall('build-board')
})
