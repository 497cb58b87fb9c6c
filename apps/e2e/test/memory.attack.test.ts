import { launchChromium } from '@mortise/testing'
import { expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

// A heap small enough to be full within a moment, and nothing of the machine with it.
const stage = useConsole(() => launchChromium(['--js-flags=--max-old-space-size=150']))

const widget = (name: string, code: string) => ({
  manifest: {
    name,
    version: '1.0.0',
    displayName: name,
    description: 'Draws a line.',
    type: 'extension',
    author: 'Somebody',
    permissions: [],
    entrypoints: { ui: 'widget.js' },
    contributes: { widgets: [{ id: 'line', title: `The ${name}`, slot: 'dashboard.side' }] },
  },
  files: {
    'widget.js': `export default { widgets: { line({ root, state }) {
      const text = document.createElement('m-text')
      root.append(text)
      ${code}
    } } }`,
  },
})

test('a widget that fills its memory is stopped, and the console and its neighbor go on', async () => {
  const _client = stage.client
  await stage.client.install(
    widget(
      'bomb',
      `text.textContent = 'armed'
      const kept = []
      const fill = () => { for (let i = 0; i < 20; i++) kept.push(new Array(1e5).fill(Math.random())); setTimeout(fill, 5) }
      setTimeout(fill, 1500)`,
    ),
  )
  await stage.client.install(
    widget(
      'neighbor',
      `text.textContent = 'visit ' + ((state.value ?? 0) + 1); state.save((state.value ?? 0) + 1)`,
    ),
  )
  const { page, context } = await openConsole(stage.browser, stage.console)
  // Playwright takes the page for dead when a process of one of its frames died, so it is asked past Playwright.
  const session = await context.newCDPSession(page)
  const evaluate = async (expression: string) =>
    (await session.send('Runtime.evaluate', { expression, returnByValue: true })).result.value as unknown
  const text = `document.querySelector('main').innerText`
  await expect.poll(() => evaluate(text), { timeout: 20_000 }).toMatch(/armed/)
  await expect.poll(() => evaluate(text), { timeout: 20_000 }).toMatch(/visit 1/)
  // Once in the process that both share, then alone until its strikes are used up.
  await expect.poll(() => evaluate(text), { timeout: 90_000 }).toMatch(/ended the process it ran in/)
  await expect.poll(() => evaluate(text), { timeout: 20_000 }).toMatch(/visit 2/)
  await context.close()
}, 150_000)
