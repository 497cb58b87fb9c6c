import { launchChromium } from '@mortise/testing'
import { expect, test } from 'vitest'
import { openConsole, start, takeReports } from '../src/index.ts'

test('a violation of the policy of the console, on any page of it, does not go unseen', async () => {
  const [console_, browser] = await Promise.all([start(), launchChromium()])
  try {
    const { context, page } = await openConsole(browser, console_)
    expect(takeReports()).toEqual([])
    const second = await context.newPage()
    await second.goto(`${console_.url}/activity`)
    for (const each of [page, second]) {
      await each.evaluate(() => {
        new Image().src = 'https://evil.example/picture.png'
        const script = document.createElement('script')
        script.textContent = 'document.title = "ran"'
        document.body.append(script)
      })
      expect(await each.title()).not.toBe('ran')
      // Both policies of the page refuse the script, so that one is reported twice.
      const reports = new Set<string>()
      await expect.poll(() => takeReports().reduce((all, line) => all.add(line), reports).size).toBe(2)
      expect([...reports].sort()).toEqual([
        expect.stringMatching(/^img-src blocked https:\/\/evil\.example\/picture\.png/),
        expect.stringMatching(/^script-src-elem blocked inline/),
      ])
    }
  } finally {
    await Promise.all([browser.close(), console_.stop()])
  }
})
