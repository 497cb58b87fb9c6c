import { componentShapes } from '@mortise/contract'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestPages, type TestPages } from './open-page.ts'
import { payloads } from './page/payloads.js'

// Every text, number and list property of every component, and its children, through the real sandbox and guard.

let pages: TestPages
let page: Page
let problems: string[]

beforeAll(async () => {
  pages = await openTestPages()
  ;({ page, problems } = await pages.open('payloads'))
  await page.getByText('All payloads are drawn.').waitFor({ timeout: 90_000 })
  // Components whose code comes later have come.
  await page.waitForFunction(() => document.querySelectorAll('.m-w-waiting').length === 0, undefined, {
    timeout: 90_000,
  })
})
afterAll(() => pages?.[Symbol.asyncDispose]())

test('the payloads reached the page', async () => {
  const text = await page.locator('.m-frame__body').textContent()
  expect(text).toContain('<script>window.stolen=1</script>')
  expect(text).toContain("{{constructor.constructor('window.stolen=1')()}}")
  expect(payloads.length * Object.keys(componentShapes).length).toBeGreaterThan(1000)
})

test('nothing of them ran, and the browser had nothing to refuse', async () => {
  expect(await page.evaluate(() => window.stolen)).toBeUndefined()
  expect(await page.evaluate(() => ({}) as Record<string, unknown>).then(Object.keys)).toEqual([])
  expect(problems).toEqual([])
})

test('no element, attribute or address of a payload is in the document', async () => {
  const found = await page.locator('.m-frame__body').evaluate((body) => {
    const bad: string[] = []
    const safe = /^(https?:|mailto:|#|\/)/
    // The host's select keeps its options in a template: what is in there counts as well.
    const inside = [...body.querySelectorAll('template')].map(({ content }) => content)
    for (const element of [body, ...inside].flatMap((part) => [...part.querySelectorAll('*')])) {
      if (
        /^(script|iframe|object|embed|base|meta|style|link|noscript|math|set|mglyph)$/i.test(element.tagName)
      )
        bad.push(`<${element.tagName}>`)
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name)) bad.push(`${element.tagName} ${name}=${value}`)
        if (/^(href|src|srcset|action|formaction|xlink:href|data|poster)$/i.test(name)) {
          const image = element.tagName === 'IMG' && /^data:image\/(png|jpeg|gif|webp|avif);/.test(value)
          if (!safe.test(value) && !image) bad.push(`${element.tagName} ${name}=${value}`)
        }
        if (name === 'style' && /url|expression|javascript/i.test(value)) bad.push(`style=${value}`)
        if (
          (name === 'id' || name === 'name') &&
          /stolen|attributes|parentNode|__proto__|constructor/.test(value)
        )
          bad.push(`${element.tagName} ${name}=${value}`)
      }
    }
    return bad
  })
  expect([...new Set(found)]).toEqual([])
})

test('every link that was drawn leads out, in a page of its own', async () => {
  const links = await page
    .locator('.m-frame__body a')
    .evaluateAll((elements) =>
      elements.map((element) => [element.getAttribute('rel'), (element as HTMLAnchorElement).protocol]),
    )
  for (const [rel, protocol] of links) {
    expect(rel).toContain('noopener')
    expect(['https:', 'http:', 'mailto:']).toContain(protocol)
  }
})

test('a press on whatever was drawn runs nothing either', async () => {
  await page.locator('.m-frame__body').evaluate((body) => {
    // A link that leads away would end the page, and with it the proof.
    body.addEventListener('click', (event) => {
      if ((event.target as Element).closest('a')) event.preventDefault()
    })
    for (const element of body.querySelectorAll<HTMLElement>('button, a, [role="tab"], summary'))
      element.click()
  })
  expect(await page.evaluate(() => window.stolen)).toBeUndefined()
})
