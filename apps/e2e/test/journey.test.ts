import type { Session } from '@mortise/domains/streamspace'
import { type Canary, canaryServer, launchBrowser, type RunningConsole } from '@mortise/testing'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, createClient, openConsole, type Problems, start, startFrame } from '../src/index.ts'

// What a person does with one plugin of each kind, in order: each test goes on
// where the one before stopped.

let receiver: Canary
let console_: RunningConsole
let client: Client
let browser: Browser
let context: BrowserContext
let page: Page
let problems: Problems

beforeAll(async () => {
  receiver = await canaryServer()
  ;[console_, browser] = await Promise.all([
    start({ MORTISE_ALLOW_PRIVATE_HOSTS: new URL(receiver.url).host }),
    launchBrowser(),
  ])
  client = createClient(console_)
  ;({ context, page, problems } = await openConsole(browser, console_))
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop(), receiver?.close()])
})

async function go(name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

/** Starts the installation of a catalogue plugin and answers its approval sheet. */
async function openInstall(displayName: string): Promise<Locator> {
  await go('Plugins')
  await page.getByRole('tab', { name: 'Catalog' }).click()
  await page.getByRole('button', { name: `Install ${displayName}` }).click()
  const sheet = page.getByRole('dialog', { name: `Install ${displayName}?` })
  await sheet.waitFor()
  return sheet
}

async function createSession(template: string, user: RegExp, name: string): Promise<void> {
  await go('Sessions')
  await page.getByRole('button', { name: 'New session' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New session' })
  await dialog.getByLabel('Template').click()
  await page.getByRole('option', { name: template }).click()
  await dialog.getByLabel('User', { exact: false }).first().click()
  await page.getByRole('option', { name: user }).first().click()
  await dialog.getByLabel('Name').pressSequentially(name)
  await dialog.getByRole('button', { name: 'Create session' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

const widget = (title: string) => page.getByRole('article', { name: title })

test('the empty dashboard teaches one next step', async () => {
  await page.getByRole('button', { name: 'Install a plugin' }).click()
  await page.getByRole('heading', { name: 'Plugins', level: 1 }).waitFor()
})

describe('the webhook plugin', () => {
  test('shows what it asks for with its risk, and waits for a yes', async () => {
    const sheet = await openInstall('Slack notifications')
    expect(await sheet.textContent()).toContain('Read session data and status')
    expect(await sheet.getByText(/low/i).first().isVisible()).toBe(true)
    expect((await client.plugin('slack-notifications')).status).toBe('awaiting-approval')
    await sheet.getByRole('button', { name: 'Install with 1 permission' }).click()
  })

  test('is configured in a form made from its schema, and its host is approved with it', async () => {
    const dialog = page.getByRole('dialog', { name: 'Configure Slack notifications' })
    await dialog.getByLabel(/Slack webhook URL/i).pressSequentially(`${receiver.url}/services/T000/B000`)
    await dialog.getByRole('button', { name: 'Save and start' }).click()
    const host = new URL(receiver.url).host
    await dialog.getByText(host, { exact: false }).first().waitFor()
    expect((await client.plugin('slack-notifications')).hosts).toEqual([])
    await dialog.getByRole('button', { name: /allow|approve/i }).click()
    await dialog.waitFor({ state: 'hidden' })
    const { status, hosts } = await client.plugin('slack-notifications')
    expect(status).toBe('active')
    expect(hosts).toEqual([{ host, origin: 'config', decision: 'granted' }])
  })

  test('posts the right text when a session is created', async () => {
    await createSession('Firefox', /mira/i, 'from the journey')
    const { method, body } = await receiver.waitFor(({ url }) => url === '/services/T000/B000')
    expect(method).toBe('POST')
    const sessions = await listSessions()
    const created = sessions.find(({ name }) => name === 'from the journey')!
    const { text } = JSON.parse(body) as { text: string }
    expect(text).toContain(created.template)
    expect(text).toContain(created.user)
  })
})

describe('the worker extension', () => {
  test('lists sessions with the read permission alone', async () => {
    const sheet = await openInstall('Session list')
    await sheet.getByRole('switch', { name: 'Allow write:sessions' }).press(' ')
    await sheet.getByRole('button', { name: 'Install with 1 of 2 permissions' }).click()
    await sheet.waitFor({ state: 'hidden' })
    await go('Dashboard')
    await widget('Sessions').getByText('from the journey').waitFor()
  })

  test('is refused to hibernate, then works right after the grant, without a reload', async () => {
    await page.evaluate(() => {
      ;(window as { sameDocument?: boolean }).sameDocument = true
    })
    const list = widget('Sessions')
    await list.getByRole('button', { name: 'Hibernate from the journey' }).click()
    await list.getByText('Permission needed: write:sessions').waitFor()
    expect(await stateOf('from the journey')).toBe('running')

    await list.getByRole('button', { name: 'Request permission' }).click()
    const prompt = page.getByRole('alertdialog', { name: 'Session list asks for a permission' })
    await prompt.getByText('Create, modify, or delete sessions').waitFor()
    await prompt.getByRole('button', { name: 'Allow' }).click()
    await prompt.waitFor({ state: 'hidden' })
    await list.getByRole('button', { name: 'Hibernate from the journey' }).click()
    await list.getByRole('button', { name: 'Wake from the journey' }).waitFor()
    expect(await stateOf('from the journey')).toBe('hibernated')
    expect(await page.evaluate(() => (window as { sameDocument?: boolean }).sameDocument)).toBe(true)
  })

  test('follows the event feed live', async () => {
    const [result] = await client.calls([
      ['sessions.create', [{ template: 'firefox', user: 'mira', name: 'made elsewhere' }]],
    ])
    expect(result?.ok).toBe(true)
    await widget('Sessions').getByText('made elsewhere').waitFor()
  })

  test('is refused again when the permission is taken away while it runs', async () => {
    await client.grant('session-list', { 'write:sessions': false })
    const list = widget('Sessions')
    await page.waitForFunction(() => true)
    await expect
      .poll(
        async () => {
          await list.getByRole('button', { name: /^(Hibernate|Wake) made elsewhere$/ }).click()
          return list.getByText('Permission needed: write:sessions').isVisible()
        },
        { timeout: 10_000, interval: 500 },
      )
      .toBe(true)
    await client.grant('session-list', { 'write:sessions': true })
  })
})

test('what a plugin did is shown: calls, refusals, and a record nobody changed', async () => {
  await go('Plugins')
  await page.getByRole('row', { name: /Session list/ }).click()
  await page.getByRole('tab', { name: 'Usage' }).click()
  const methods = page.getByRole('table', { name: 'Methods' })
  const row = methods.getByRole('row', { name: /sessions\.hibernate/ })
  await expect.poll(() => row.textContent()).toContain('PERMISSION_DENIED')
  const record = page.getByRole('table', { name: 'Record' })
  await record
    .getByRole('row', { name: /sessions\.\w+/ })
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Verify the record' }).click()
  await page.getByText('Every record is in its place and unchanged').waitFor()
})

describe('the frame extension', () => {
  test('draws on its own host name and sizes itself', async () => {
    const sheet = await openInstall('Session chart')
    await sheet.getByRole('button', { name: 'Install with 1 permission' }).click()
    await sheet.waitFor({ state: 'hidden' })
    await go('Dashboard')
    const chart = page.locator('[data-plugin=session-chart]')
    await chart.scrollIntoViewIfNeeded()
    await startFrame(page, 'Sessions over time')
    const frame = chart.frameLocator('iframe')
    await frame.locator('canvas').waitFor()
    const element = await chart.locator('iframe').elementHandle()
    const inner = (await element!.contentFrame())!
    expect(new URL(inner.url()).hostname).toBe('session-chart.localhost')
    expect(await inner.evaluate(() => self.origin)).toBe('null')
    const painted = await inner.evaluate(() => {
      const canvas = document.querySelector('canvas')!
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    })
    expect(painted, 'colors on the canvas').toBeGreaterThan(3)
    const content = await inner.evaluate(() => document.documentElement.scrollHeight)
    await expect.poll(async () => (await element!.boundingBox())!.height).toBeGreaterThanOrEqual(content - 2)
  })
})

describe('the theme', () => {
  const surface = (target: Page | import('playwright-core').Frame) =>
    target.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue('--m-color-surface-base').trim(),
    )

  test('repaints console, worker widgets and frames without a reload', async () => {
    const sheet = await openInstall('Midnight')
    await sheet.getByRole('button', { name: 'Install', exact: true }).click()
    await sheet.waitFor({ state: 'hidden' })
    await go('Dashboard')
    const frame = (await (await page
      .locator('[data-plugin=session-chart] iframe')
      .elementHandle())!.contentFrame())!
    await frame.locator('canvas').waitFor()
    const before = await surface(page)
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const button = widget('Sessions').getByRole('button').last()
    const radiusOf = () =>
      button.evaluate((element) => getComputedStyle(element).borderRadius + getComputedStyle(element).color)
    const [bodyBefore, buttonBefore, frameBefore] = [
      await background(),
      await radiusOf(),
      await surface(frame),
    ]

    // Another window changes the theme; this one only listens.
    const answer = await client.request('PUT', '/theme', {
      theme: { plugin: 'theme-midnight', id: 'midnight' },
    })
    expect(answer.status).toBe(200)
    await expect.poll(() => surface(page)).not.toBe(before)
    expect(await background()).not.toBe(bodyBefore)
    expect(await radiusOf()).not.toBe(buttonBefore)
    await expect.poll(() => surface(frame)).not.toBe(frameBefore)
    expect(await surface(frame)).toBe(await surface(page))
    expect(await page.evaluate(() => (window as { sameDocument?: boolean }).sameDocument)).toBe(true)
  })

  test('stands at the first paint after a reload: no flash', async () => {
    const themed = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const fresh = await context.newPage()
    await fresh.addInitScript(() => {
      const seen = new Set<string>()
      ;(window as { seenBackgrounds?: Set<string> }).seenBackgrounds = seen
      const look = () => {
        if (document.body) seen.add(getComputedStyle(document.body).backgroundColor)
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    await fresh.goto(console_.url)
    await fresh.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
    const seen = await fresh.evaluate(() => [
      ...(window as unknown as { seenBackgrounds: Set<string> }).seenBackgrounds,
    ])
    expect(seen).toEqual([themed])
    await fresh.close()
  })

  test('is chosen and left on the appearance page', async () => {
    await go('Appearance')
    const midnight = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Built in').click()
    await expect
      .poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor))
      .not.toBe(midnight)
    await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Midnight').first().click()
    await expect
      .poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor))
      .toBe(midnight)
  })
})

test('nothing was thrown and no policy was violated on the host page', async () => {
  expect(problems).toEqual({ errors: [], policy: [] })
})

test('the host page forbids code that is not its own', async () => {
  const response = await page.goto(console_.url)
  const policy = response!.headers()['content-security-policy']!
  expect(policy).toContain("default-src 'self'")
  expect(policy).toMatch(/script-src 'self'(;|$)/)
  // Of the page's own host only the console's folder: plugins have addresses there too.
  expect(policy).toContain(`, script-src ${console_.url}/assets/`)
  expect(policy).not.toMatch(/unsafe-(eval|inline)/)
})

async function listSessions(): Promise<Session[]> {
  const [result] = await client.calls([['sessions.list', [{ limit: 1000 }]]])
  if (!result?.ok) throw new Error('sessions could not be listed')
  return result.value as Session[]
}

async function stateOf(name: string): Promise<string | undefined> {
  return (await listSessions()).find((session) => session.name === name)?.state
}
