import { expect, test } from 'vitest'
import { findChromium, launchChromium } from './launch-chromium.ts'

test('CHROMIUM_PATH comes before what is installed', () => {
  expect(findChromium({ CHROMIUM_PATH: '/opt/mine', PATH: '/usr/bin' })).toBe('/opt/mine')
})

test('starts a browser that runs scripts', async () => {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    expect(await page.evaluate(() => 6 * 7)).toBe(42)
  } finally {
    await browser.close()
  }
})
