/** Films a page with many frames while its theme switches, and looks at every picture. Only Chromium films. */
import { launchChromium } from '@mortise/testing'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openTestPages, type TestPages } from './open-page.ts'
import type {} from './page/fixture.ts'

const themes = { blue: 'rgb(0, 0, 255)', yellow: 'rgb(255, 255, 0)' } as const

let pages: TestPages
let page: Page
let problems: string[]

beforeAll(async () => {
  pages = await openTestPages(launchChromium)
})
afterAll(() => pages[Symbol.asyncDispose]())
afterEach(async () => {
  expect(problems).toEqual([])
  await page.close()
})

const paint = (color: keyof typeof themes) => page.evaluate((of) => window.fixture.paint!(of), themes[color])

async function open(query: string, frames: number) {
  ;({ page, problems } = await pages.open('switches', query))
  await page.setViewportSize({ width: 1280, height: 1500 })
  await page.getByText('Log:').waitFor()
  await expect.poll(() => page.locator('.m-frame[data-state=running]').count()).toBe(frames + 1)
  await paint('blue')
  // A film begins with what is on the screen, and taking a picture waits until that is this.
  await page.screenshot()
}

/** Every picture the browser showed while something was done, first and last included. */
async function film(act: () => Promise<unknown>): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page)
  const pictures: string[] = []
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    pictures.push(data)
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {})
  })
  await session.send('Page.startScreencast', { format: 'png' })
  await expect.poll(() => pictures.length).toBeGreaterThan(0)
  await act()
  await session.send('Page.stopScreencast')
  await session.detach()
  return pictures
}

/** Which theme each picture shows. */
async function colorsOf(pictures: readonly string[]): Promise<readonly string[]> {
  const desk = await page.context().browser()!.newPage()
  try {
    return await desk.evaluate(async (pictures) => {
      const colors: string[] = []
      for (const picture of pictures) {
        const blob = await (await fetch(`data:image/png;base64,${picture}`)).blob()
        const bitmap = await createImageBitmap(blob)
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
        context.drawImage(bitmap, 0, 0)
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
        let [blue, yellow] = [0, 0]
        for (let i = 0; i < data.length; i += 4) {
          const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!]
          if (r < 40 && g < 40 && b > 215) blue++
          if (r > 215 && g > 215 && b < 40) yellow++
        }
        // A few pixels are no color of a theme.
        const whole = (data.length / 4) * 0.999
        colors.push(blue && yellow ? 'mixed' : blue > whole ? 'blue' : yellow > whole ? 'yellow' : 'other')
      }
      return colors
    }, pictures)
  } finally {
    await desk.close()
  }
}

/** Switches from blue to yellow and back some times, and answers what was seen in which order, repetitions left out. */
async function filmSwitches(rounds: number) {
  const pictures = await film(async () => {
    for (let round = 0; round < rounds; round++) {
      for (const color of ['yellow', 'blue'] as const) {
        await paint(color)
        await page.waitForTimeout(100)
      }
    }
  })
  const colors = await colorsOf(pictures)
  // The film begins with a picture from before.
  const seen = colors.slice(colors.indexOf('blue'))
  return seen.filter((color, i) => color !== seen[i - 1])
}

test('page, worker widget and 20 frames switch in the same painted frame', async () => {
  await open('?frames=20', 20)
  const seen = await filmSwitches(2)
  expect(seen).toContain('yellow')
  expect(seen.filter((color) => color !== 'blue' && color !== 'yellow')).toEqual([])
}, 180_000)

test('this test sees a frame that is late', async () => {
  await open('?frames=2&odd=late', 3)
  const late = page.frames().find((frame) => frame.url().includes('late.localhost'))!
  const shown = () => late.locator('#area').evaluate((area) => area.style.background)
  await expect.poll(shown, { timeout: 10_000 }).toBe(themes.blue)
  expect(await filmSwitches(1)).toContain('mixed')
}, 60_000)

test('a frame that never says that it has painted holds the others up once, and no longer than it may', async () => {
  await open('?frames=2&odd=silent&patience=500', 3)
  // Each of these ends, though the frame never answers.
  for (const color of ['yellow', 'blue', 'yellow'] as const) await paint(color)
  const silent = page.frames().find((frame) => frame.url().includes('silent.localhost'))!
  const shown = () => silent.locator('#area').evaluate((area) => getComputedStyle(area).backgroundColor)
  await expect.poll(shown).toBe(themes.yellow)
}, 60_000)
