// `npm run docs:pictures`: takes the pictures of the guide from the real console,
// so that they show what there is. Written to docs/images, each under 80 kB.
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium, startConsole } from '@mortise/testing'
import type { Locator, Page } from 'playwright-core'
import { build, root } from './build.ts'

const folder = join(root, 'docs/images')
const mostBytes = 80 * 1024
const exported = ['Light', 'Dark'].map((mode) =>
  join(root, `packages/tokens/test/files/figma-export/${mode}.tokens.json`),
)

/** Runs in the page: no focus ring but in a dialog, no animation. */
const atRest = `(async () => {
  if (!document.querySelector('[role=dialog]')) document.activeElement?.blur()
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))
})()`

await build()
const [server, browser] = await Promise.all([
  startConsole({
    command: join(root, 'packages/cli/bin/mortise.mjs'),
    config: join(root, 'apps/console/mortise.config.ts'),
  }),
  launchChromium(),
])
mkdirSync(folder, { recursive: true })
try {
  const page = await browser.newPage({ viewport: { width: 1360, height: 820 }, deviceScaleFactor: 1.25 })
  page.setDefaultTimeout(15_000)
  await page.goto(server.signInUrl)
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  for (const name of ['theme-harbor', 'theme-rosewood']) await install(name)
  await takeAppearance(page)
  await page.goto(`${server.url}/studio`)
  await takeStudio(page)
} finally {
  await Promise.all([browser.close(), server.stop()])
}

async function takeAppearance(page: Page): Promise<void> {
  await page.goto(`${server.url}/appearance`)
  const choices = page.getByRole('radiogroup', { name: 'Theme' })
  const more = page.getByRole('list', { name: 'More themes' })
  await more.locator('.c-picture__half').last().waitFor()
  await choices.locator('.c-picture__half').last().waitFor()
  await choices.evaluate((group) => group.scrollIntoView({ block: 'start' }))
  await take(page, 'appearance')
}

async function takeStudio(page: Page): Promise<void> {
  const details = page.getByRole('region', { name: 'Details' })
  await page.getByRole('button', { name: 'New', exact: true }).click()
  const start = page.getByRole('dialog', { name: 'Start a theme' })
  await start.getByText('Harbor').first().waitFor()
  await take(page, 'studio-start', start)

  const chooser = page.waitForEvent('filechooser')
  await start.getByRole('button', { name: 'Choose files' }).click()
  await (await chooser).setFiles(exported)
  await details.getByRole('list', { name: 'Problems in the files' }).waitFor()
  await page.getByLabel('Name of the theme').fill('Sand and clay')
  await take(page, 'studio-files', details)

  await details.getByRole('tab', { name: /Contrast/ }).click()
  await details
    .getByRole('button', { name: /^Fix color/ })
    .first()
    .waitFor()
  await take(page, 'studio-contrast', details)
  await details.getByRole('button', { name: /^Fix all/ }).click()
  await page.getByText('Every pair can be read').waitFor()

  await page.getByRole('option', { name: /^solid #/ }).click()
  await take(page, 'studio')
  await page.getByRole('radio', { name: 'Dark' }).press('Space')
  await page.getByRole('radio', { name: 'Components' }).press('Space')
  await take(page, 'studio-dark', page.getByRole('region', { name: /^Preview, / }))

  await details.getByRole('tab', { name: 'Compare' }).click()
  await details.getByLabel('Compare with').click()
  await page.getByRole('option', { name: /^Harbor/ }).click()
  await details.getByRole('list', { name: 'Changed' }).waitFor()
  await take(page, 'studio-compare', details)

  await page.goto(`${server.url}/studio?from=theme-harbor%2Fharbor`)
  await page.locator('.s-bar__input[value="Harbor"]').waitFor()
  await details.getByRole('tab', { name: 'Branding' }).click()
  await details.getByRole('img', { name: 'Logo of the theme' }).waitFor()
  await take(page, 'studio-branding')
  await page.getByRole('button', { name: 'Undo' }).click()

  await page.getByRole('button', { name: 'Package' }).click()
  await take(page, 'studio-package', page.getByRole('dialog', { name: 'Package the theme' }))
}

/** Takes the page, or a part of it, once it has come to rest. */
async function take(page: Page, name: string, part?: Locator): Promise<void> {
  await page.mouse.move(0, 0)
  await page.evaluate(atRest)
  const box = part && (await part.boundingBox())
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 78,
    ...(box ? { clip: { ...box, scale: 1 } } : {}),
  })
  await session.detach()
  const file = join(folder, `${name}.webp`)
  writeFileSync(file, Buffer.from(data, 'base64'))
  const { size } = statSync(file)
  console.log(`${name}.webp ${(size / 1024).toFixed(0)} kB`)
  if (size > mostBytes) throw new Error(`${name}.webp is larger than 80 kB. Show less of the page.`)
}

/** Installs one of the example themes over HTTP. */
async function install(name: string): Promise<void> {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
  await call('POST', '/plugins/install', { name })
  await call('PUT', `/plugins/${name}/grants`, { permissions: {} })
  await call('POST', `/plugins/${name}/enable`, {})
}
