import { expect, test } from 'vitest'
import { launchBrowser, testBrowser } from './launch-browser.ts'

test('the environment chooses the browser of a run, and only a known one', () => {
  expect(testBrowser({})).toBe('chromium')
  expect(testBrowser({ MORTISE_TEST_BROWSER: 'firefox' })).toBe('firefox')
  expect(() => testBrowser({ MORTISE_TEST_BROWSER: 'netscape' })).toThrow(
    "MORTISE_TEST_BROWSER is 'netscape'",
  )
})

test('starts the browser of this run, which runs scripts', async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    expect(await page.evaluate(() => 6 * 7)).toBe(42)
    const agent = await page.evaluate(() => navigator.userAgent)
    expect(agent.toLowerCase()).toContain(testBrowser() === 'firefox' ? 'firefox/' : 'chrome/')
  } finally {
    await browser.close()
  }
})
